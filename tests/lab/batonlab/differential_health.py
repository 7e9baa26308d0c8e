"""Differential cases of what follows from health: quorum, sorry servers, alpha, omega, inhibition, suspension."""
from .differential_servers import Stream, Web
from .differential_steps import Case, down, ip, page, says, step, still, up, write
from .differential_text import QUORUM_TOLD, TCP, block, real, service, text, told
from .differential_tables import group  # noqa: F401  pylint: disable=unused-import

SERVERS = {str(n): f"10.1.0.{n}" for n in (1, 2, 3)}


def servers(*names):
    return {name: Stream(SERVERS[name]) for name in names}


def reals(*lines, names=(1, 2), checker=TCP):
    return [real(number, told(number), *lines, checker) for number in names]


def loses(*lines, names="12", more=(), config=None, **words):
    """A service that loses its servers one by one and gets them back."""
    steps = [step(f"{name} goes", down(name)) for name in names]
    steps += [step(f"{name} is back", up(name)) for name in names]
    configuration = config or text(service(*lines, QUORUM_TOLD, *reals(*more, names=[int(n) for n in names])))
    return Case(configuration, steps, servers(*names), **words)


SORRY = "sorry_server 10.1.0.6 80"
CASES = {
    "both servers lost": loses(),
    "sorry server": loses(SORRY),
    "sorry server inhibited": loses(SORRY, "sorry_server_inhibit"),
    "sorry server by another method": loses("sorry_server 10.1.0.6 80", "sorry_server_lvs_method TUN"),
    "sorry server with another port": loses("sorry_server 10.1.0.6 8080"),
    "sorry server without a port": loses("sorry_server 10.1.0.6"),
    "sorry server and inhibit_on_failure": loses(SORRY, more=("inhibit_on_failure",)),
    "inhibit_on_failure": loses(more=("inhibit_on_failure",)),
    "inhibit_on_failure of the service": loses("inhibit_on_failure"),
    "inhibit_on_failure and weights": loses(more=("weight 5", "inhibit_on_failure")),
    "quorum": loses("quorum 2", names="123"),
    "quorum with a sorry server": loses("quorum 2", SORRY, names="123"),
    "quorum with a sorry server and inhibit_on_failure": loses("quorum 2", SORRY, names="123",
                                                               more=("inhibit_on_failure",)),
    "quorum with hysteresis": loses("quorum 2", "hysteresis 1", names="123"),
    "quorum with hysteresis and a sorry server": loses("quorum 2", "hysteresis 1", SORRY, names="123"),
    "quorum by weights": Case(
        text(service("quorum 5", SORRY, QUORUM_TOLD, real(1, told(1), "weight 4", TCP), real(2, told(2), "weight 3", TCP),
                     real(3, told(3), "weight 2", TCP))),
        [step("2 goes", down("2")), step("3 goes", down("3")), step("2 is back", up("2")), step("1 goes", down("1")),
         step("3 is back", up("3"))], servers("1", "2", "3")),
    "quorum and inhibit_on_failure": loses("quorum 2", more=("inhibit_on_failure",)),
    "alpha": loses("alpha"),
    "alpha with dead servers": Case(
        text(service("alpha", QUORUM_TOLD, *reals())), [step("1 comes", up("1")), step("2 comes", up("2"))],
        servers("1", "2"), later=("1", "2")),
    "alpha with a sorry server": Case(
        text(service("alpha", SORRY, QUORUM_TOLD, *reals())), [step("1 comes", up("1")), step("1 goes", down("1"))],
        servers("1", "2"), later=("1", "2")),
    "alpha of one server": Case(
        text(service(QUORUM_TOLD, real(1, told(1), "alpha", TCP), real(2, told(2), TCP))), [step("1 comes", up("1"))],
        servers("1", "2"), later=("1",)),
    "alpha of a check": Case(
        text(service(QUORUM_TOLD, real(1, told(1), block("TCP_CHECK", "alpha")), real(2, told(2), TCP))),
        [step("1 comes", up("1"))], servers("1", "2"), later=("1",)),
    "alpha with inhibit_on_failure": Case(
        text(service("alpha", "inhibit_on_failure", QUORUM_TOLD, *reals())), [step("1 comes", up("1"))],
        servers("1", "2"), later=("1",)),
    "omega": loses("omega", SORRY),
    "omega without loss": Case(text(service("omega", QUORUM_TOLD, *reals())), [still("all is well")], servers("1", "2")),
    "omega with inhibit_on_failure": Case(
        text(service("omega", "inhibit_on_failure", QUORUM_TOLD, *reals())), [step("1 goes", down("1"))],
        servers("1", "2")),
    "both servers dead at the start": Case(
        text(service(SORRY, QUORUM_TOLD, *reals())), [step("2 comes", up("2")), step("1 comes", up("1"))],
        servers("1", "2"), later=("1", "2"), ordered=False),
    "rs_init_notifies": Case(
        text(service(QUORUM_TOLD, *reals()), head="global_defs {\n    router_id lab\n    script_user root\n"
             "    lvs_notify_fifo DIR/fifo\n    rs_init_notifies\n}\n"), [step("1 goes", down("1"))], servers("1", "2"),
        ordered=False),
    "two checks of a server": Case(
        text(service(QUORUM_TOLD, real(1, told(1), TCP, block("TCP_CHECK", "connect_port 8080")), real(2, told(2)))),
        [step("the first fails", down("1")), still("so does the second", down("second")),
         still("the first passes", up("1")), step("both pass", up("second")), step("the second fails", down("second"))],
        {**servers("1"), "second": Stream("10.1.0.1", 8080)}),
    "two checks of different kinds": Case(
        text(service(QUORUM_TOLD, real(1, told(1), TCP, block("HTTP_GET", block("url", "path /"), "connect_port 8080")),
                     real(2, told(2)))),
        [step("the page is wrong", page("web", "/", 500)), step("it is right", page("web", "/")),
         step("the port is closed", down("1")), step("it is open", up("1"))],
        {**servers("1"), "web": Web("10.1.0.1", 8080)}),
    "two dynamic checks of a server": Case(
        text(service(QUORUM_TOLD, real(1, told(1), *(block("MISC_CHECK", f"misc_path DIR/check{n}", "misc_dynamic", "misc_timeout 5")
                                                     for n in (1, 2))), real(2, told(2)))),
        [step("the first says 10", write("code1", "12\n")), step("the second says 5", write("code2", "7\n")),
         step("the first fails", write("code1", "1\n")), step("the first says nothing", write("code1", "0\n"))],
        files={"check1": "#!/bin/sh\nread code <DIR/code1\nexit $code\n", "code1": "0\n",
               "check2": "#!/bin/sh\nread code <DIR/code2\nexit $code\n", "code2": "0\n"}),
    "a dynamic weight and the quorum": Case(
        text(service("quorum 4", SORRY, QUORUM_TOLD, real(1, told(1), "weight 3", block(
            "MISC_CHECK", "misc_path DIR/check", "misc_dynamic", "misc_timeout 5")), real(2, told(2), "weight 1"))),
        [step("it says 1", write("code", "3\n")), step("it says 9", write("code", "11\n")),
         step("it fails", write("code", "1\n")), step("it says nothing", write("code", "0\n"))],
        files={"check": "#!/bin/sh\nread code <DIR/code\nexit $code\n", "code": "0\n"}),
    "two services with the same servers": Case(
        text(service(QUORUM_TOLD, *reals()), service(*reals(), key="10.9.0.2 80")),
        [step("1 goes", down("1")), step("1 is back", up("1"))], servers("1", "2"), ordered=False),
    "a mark": loses(config=text(service(SORRY, QUORUM_TOLD, *reals(), key="fwmark 7", protocol=None))),
    "a group": loses(config=text(block("virtual_server_group G", "10.9.0.1-3 80", "fwmark 4"),
                                 service(SORRY, QUORUM_TOLD, *reals(), key="group G"))),
    "a group with inhibit_on_failure": loses(config=text(
        block("virtual_server_group G", "10.9.0.1-2 80"),
        service("inhibit_on_failure", QUORUM_TOLD, *reals(), key="group G"))),
    "ha_suspend without the address": Case(
        text(service("ha_suspend", QUORUM_TOLD, *reals())),
        [still("a server goes unseen", down("1")), step("the address comes", ip("addr add 10.9.0.1/32 dev lo")),
         step("the server is back", up("1")), still("the address goes", ip("addr del 10.9.0.1/32 dev lo")),
         still("a server goes unseen again", down("1")), step("the address is back", ip("addr add 10.9.0.1/32 dev lo"))],
        servers("1", "2"), own_world=True),
    "ha_suspend keeps what it knew": Case(
        text(service("ha_suspend", QUORUM_TOLD, *reals())),
        [still("the address comes", ip("addr add 10.9.0.1/32 dev lo")), step("a server goes", down("1")),
         still("the address goes", ip("addr del 10.9.0.1/32 dev lo")), still("the server is back unseen", up("1")),
         step("the address is back", ip("addr add 10.9.0.1/32 dev lo"))], servers("1", "2"), own_world=True),
}
