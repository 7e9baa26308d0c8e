"""Differential cases of reloads: what changes in the file changes in the kernel, and nothing else does."""
from .differential_servers import Stream, Web
from .differential_steps import Case, down, reload, step, still, up, write
from .differential_text import QUORUM_TOLD, TCP, block, real, service, text, told

SERVERS = {"1": "10.1.0.1", "2": "10.1.0.2", "3": "10.1.0.3"}
SORRY = "sorry_server 10.1.0.6 80"


def one(*lines, servers=(1, 2), more=(), checker=TCP, also=(), **words):
    """A service with checked servers; `also` are more blocks."""
    return text(service(*lines, QUORUM_TOLD, *(real(n, told(n), *more, checker) for n in servers), **words), *also)


def changes(before, *after, steps=(), later=(), waits=step, **words):
    """Reloads with other files, one after the other."""
    return Case(before, [waits(f"reload {at}", reload(configuration)) for at, configuration in enumerate(after, 1)] +
                list(steps), {name: Stream(address) for name, address in SERVERS.items()}, later=later, ordered=False,
                **words)


GROUP = "virtual_server_group G"
CASES = {
    "reload of the same": changes(one(), one(), waits=still),
    "reload with another scheduler": changes(one(), one(algo="wlc"), one(algo="sh")),
    "reload with a scheduler's flags": changes(one(algo="sh"), one("sh-port", algo="sh"), one(algo="sh")),
    "reload with another kind": changes(one(), one(kind="DR"), one(kind="TUN"), one()),
    "reload with another tunnel": changes(one(kind="TUN"), one(kind="TUN type gre"), one(kind="TUN type gue port 99")),
    "reload with another protocol": changes(one(), one(protocol="UDP")),
    "reload with persistence": changes(one(), one("persistence_timeout 60"), one("persistence_timeout 90"), one()),
    "reload with another granularity": changes(
        one("persistence_timeout 60"), one("persistence_timeout 60", "persistence_granularity 255.255.255.0")),
    "reload with ops": changes(one(protocol="UDP"), one("ops", protocol="UDP"), one(protocol="UDP")),
    "reload with other weights": changes(one(more=("weight 2",)), one(more=("weight 7",)), one(more=("weight 0",)),
                                         one(more=("weight 3",))),
    "reload with another weight of a dead server": changes(
        one(more=("weight 2",)), steps=(
            step("1 goes", down("1")), step("another weight", reload(one(more=("weight 7",)))), step("1 is back", up("1")))),
    "reload with another weight of an inhibited server": changes(
        one("inhibit_on_failure", more=("weight 2",)), steps=(
            step("1 goes", down("1")), step("another weight", reload(one("inhibit_on_failure", more=("weight 7",)))),
            step("1 is back", up("1")))),
    "reload with one server more": changes(one(servers=(1, 2)), one(servers=(1, 2, 3)), one(servers=(1, 2))),
    "reload with one server less and back": changes(one(servers=(1, 2)), one(servers=(2,)), one(servers=(1, 2))),
    "reload with a new server that is dead": changes(
        one(servers=(1, 2)), one(servers=(1, 2, 3)), steps=(step("3 comes", up("3")),), later=("3",)),
    "reload with all servers exchanged": changes(one(servers=(1,)), one(servers=(2, 3))),
    "reload while a server is down": changes(
        one(), steps=(step("1 goes", down("1")), still("the same file", reload(one())), step("1 is back", up("1")))),
    "reload without a server that is down": changes(
        one(), steps=(step("1 goes", down("1")), still("reload", reload(one(servers=(2,)))), step("1 is back", reload(one()), up("1")))),
    "reload while the quorum is lost": changes(
        one(SORRY), steps=(step("both go", down("1", "2")), still("the same file", reload(one(SORRY))),
                           step("1 is back", up("1")))),
    "reload with inhibit_on_failure": changes(
        one(), steps=(step("1 goes", down("1")), step("inhibit", reload(one("inhibit_on_failure"))),
                      step("1 is back", up("1")))),
    "reload without inhibit_on_failure": changes(
        one("inhibit_on_failure"), steps=(step("1 goes", down("1")), step("no inhibit", reload(one())),
                                          step("1 is back", up("1")))),
    "reload with a sorry server": changes(one(), steps=(
        step("both go", down("1", "2")), step("a sorry server", reload(one(SORRY))), step("another", reload(one(
            "sorry_server 10.1.0.5 80"))), step("none", reload(one())), step("1 is back", up("1")))),
    "reload with another quorum": changes(one(servers=(1, 2, 3)), steps=(
        step("1 goes", down("1")), step("quorum 3", reload(one("quorum 3", servers=(1, 2, 3)))),
        step("quorum 1", reload(one("quorum 1", servers=(1, 2, 3)))))),
    "reload with one service more": changes(one(), one(also=(service(real(3), key="10.9.0.2 80"),)), one()),
    "reload with another address of the service": changes(one(), one(key="10.9.0.3 80")),
    "reload with another port of the service": changes(one(), one(key="10.9.0.1 8080")),
    "reload with the services in another order": changes(
        text(service(real(1)), service(real(2), key="10.9.0.2 80")),
        text(service(real(2), key="10.9.0.2 80"), service(real(1))), waits=still),
    "reload with a check more": changes(
        text(service(QUORUM_TOLD, real(3, told(3)), real(2, told(2)))),
        one(servers=(3, 2)), later=("3",)),
    "reload without a check": changes(
        one(servers=(3, 2)), text(service(QUORUM_TOLD, real(3, told(3)), real(2, told(2)))), later=("3",)),
    "reload with another connect_port": changes(
        one(checker=block("TCP_CHECK", "connect_port 80")), one(checker=block("TCP_CHECK", "connect_port 81"))),
    "reload with another connect_ip": changes(
        one(servers=(1,), checker=block("TCP_CHECK", "connect_ip 10.1.0.1")),
        one(servers=(1,), checker=block("TCP_CHECK", "connect_ip 10.1.0.5"))),
    "reload with another kind of check": changes(
        one(), one(checker=block("HTTP_GET", block("url", "path /")))),
    "reload with the address elsewhere": changes(
        one(servers=(1,)), one(servers=(1,), checker=block("TCP_CHECK", "connect_ip 10.1.0.2")), waits=still),
    "reload with alpha": changes(one(), one("alpha"), waits=still),
    "reload with alpha and a dead server": changes(
        one("alpha", servers=(2,)), one("alpha", servers=(2, 3)), waits=still, later=("3",)),
    "reload with another mark": changes(one(key="fwmark 7", protocol=None), one(key="fwmark 8", protocol=None)),
    "reload with a member more of the group": changes(
        text(block(GROUP, "10.9.0.1 80"), service(real(1), real(2), key="group G")),
        text(block(GROUP, "10.9.0.1 80", "10.9.0.2-3 80"), service(real(1), real(2), key="group G")),
        text(block(GROUP, "10.9.0.3 80"), service(real(1), real(2), key="group G"))),
    "reload with a mistake": changes(one(), one("nonsense 5", more=("weight 4",))),
    "reload without services": changes(one(), text()),
    "reload with services again": changes(one(), text(), one()),
}
