"""Differential cases of the IPVS table alone: whatever a configuration can ask of it."""
from .differential_steps import Case
from .differential_text import block, real, real6, service, text

TWO = (real(1, "weight 2"), real(2, "weight 1"))
TWO6 = (real6(1, "weight 2"), real6(2, "weight 1"))
SCHEDULERS = ("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "sh", "mh", "dh", "fo", "ovf", "sed", "nq")
FLAGS = {"sh": ("sh-port", "sh-fallback", "flag-1", "flag-2", "flag-3"), "mh": ("mh-port", "mh-fallback", "flag-1")}
KINDS = ("NAT", "DR", "TUN", "TUN type ipip", "TUN type gre", "TUN type gre nocsum", "TUN type gre csum",
         "TUN type gue port 6080", "TUN type gue port 6080 nocsum", "TUN type gue port 6080 csum",
         "TUN type gue port 6080 remcsum")


def only(*lines, servers=TWO, **words):
    """A case of one service."""
    return Case(text(service(*lines, *servers, **words)))


def group(*members, servers=TWO, more=(), **words):
    return Case(text(block("virtual_server_group G", *members), service(*more, *servers, key="group G", **words)))


CASES = {f"scheduler {name}": only(algo=name) for name in SCHEDULERS}
CASES |= {f"scheduler {name} {flag}": only(flag, algo=name) for name, flags in FLAGS.items() for flag in flags}
CASES |= {f"kind {kind}": only(kind=kind) for kind in KINDS}
CASES |= {f"protocol {protocol}": only(protocol=protocol) for protocol in ("TCP", "UDP", "SCTP")}
CASES |= {
    "lvs_sched and lvs_method": only("lvs_sched wlc", "lvs_method DR", algo=None, kind=None),
    "nothing said": only(algo=None, kind=None, protocol=None),
    "no protocol": only(protocol=None),
    "no scheduler": only(algo=None),
    "no kind": only(kind=None),
    "no weight": only(servers=(real(1), real(2, ""))),
    "weights": only(servers=(real(1, "weight 0"), real(2, "weight 65535"), real(3))),
    "default weight of the service": only("weight 7", servers=(real(1, ""), real(2, "weight 3"))),
    "kinds of the servers": only(servers=(real(1, "lvs_method DR"), real(2, "lvs_method TUN"), real(3, "lvs_method NAT"))),
    "tunnels of the servers": only(kind="DR", servers=(
        real(1, "lvs_method TUN type gue port 6080 csum"), real(2, "lvs_method TUN type gre"), real(3, ""))),
    "port mapping with NAT": only(servers=(real(1, port=8080), real(2, port=8081))),
    "port mapping with DR": only(kind="DR", servers=(real(1, port=8080), real(2, port=80))),
    "port mapping with TUN": only(kind="TUN", servers=(real(1, port=8080), real(2, port=80))),
    "no port of the server": only(servers=(real(1, port=None), real(2, port=None))),
    "port 0": only("persistence_timeout 50", key="10.9.0.1", servers=(real(1, port=None), real(2, port=0))),
    "port 0 written": only("persistence_timeout 50", key="10.9.0.1 0", servers=(real(1, port=0),)),
    "port 0 without persistence": only(key="10.9.0.1", servers=(real(1, port=None), real(2, port=None))),
    "persistence": only("persistence_timeout 50"),
    "persistence bare": only("persistence_timeout"),
    "persistence granularity": only("persistence_timeout 50", "persistence_granularity 255.255.255.0"),
    "persistence granularity alone": only("persistence_granularity 255.255.0.0"),
    "persistence granularity of IPv6": only("persistence_timeout 50", "persistence_granularity 64", key="fd09::1 80",
                                            servers=TWO6),
    "persistence engine": only("persistence_timeout 50", "persistence_engine sip", protocol="UDP"),
    "ops": only("ops", protocol="UDP"),
    "ops of TCP": only("ops"),
    "thresholds": only(servers=(real(1, "uthreshold 100", "lthreshold 50"), real(2, "uthreshold 7"),
                                real(3, "lthreshold 3"))),
    "mark": only(key="fwmark 7", protocol=None, servers=(real(1, port=None), real(2, port=None))),
    "mark with ports": only(key="fwmark 7", servers=(real(1, port=80), real(2, port=8080))),
    "mark with DR": only(key="fwmark 7", kind="DR", protocol=None, servers=(real(1, port=80), real(2, port=None))),
    "mark of IPv6": only(key="fwmark 9", protocol=None, servers=TWO6),
    "mark with persistence": only("persistence_timeout 50", key="fwmark 7", protocol=None),
    "mark of IPv6 through tunnels": only("ip_family inet6", key="fwmark 9", kind="TUN", protocol=None),
    "marks of both families": Case(text(
        service(*TWO, key="fwmark 7", protocol=None), service(*TWO6, key="fwmark 7", protocol=None))),
    "IPv6": only(key="fd09::1 80", servers=TWO6),
    "IPv6 with DR": only(key="fd09::1 80", kind="DR", servers=TWO6),
    "IPv6 through IPv4": only(key="fd09::1 80", kind="TUN"),
    "IPv4 through IPv6": only(kind="TUN", servers=TWO6),
    "families mixed without a tunnel": Case(text(service(*TWO, key="fd09::1 80"), service(*TWO))),
    "group of addresses": group("10.9.0.1 80", "10.9.0.2 8080"),
    "group with a range": group("10.9.0.1-4 80"),
    "group with a range of whole addresses": group("10.9.0.1-10.9.0.4 80"),
    "group with a prefix": group("10.9.0.8/29 80"),
    "group of marks": group("fwmark 5", "fwmark 6", protocol=None),
    "group of addresses and marks": group("10.9.0.1 80", "10.9.0.3-4 443", "fwmark 6"),
    "group of IPv6": group("fd09::1 80", "fd09::10-13 80", servers=TWO6),
    "group of IPv6 marks": group("fwmark 5", "fd09::1 80", servers=TWO6),
    "group of both families through tunnels": group("10.9.0.1 80", "fd09::1 80", "fwmark 3 inet", "fwmark 3 inet6",
                                                    kind="TUN"),
    "group without ports": group("10.9.0.1", "10.9.0.2", more=("persistence_timeout 60",),
                                 servers=(real(1, port=None), real(2, port=None))),
    "group with DR": group("10.9.0.1 80", "10.9.0.2 8080", kind="DR"),
    "group for two protocols": Case(text(
        block("virtual_server_group G", "10.9.0.1 53", "10.9.0.2 53"),
        service(*TWO, key="group G"), service(*TWO, key="group G", protocol="UDP"))),
    "group that is not there": Case(text(service(*TWO, key="group NOSUCH"), service(*TWO))),
    "two services": Case(text(service(*TWO), service(*TWO, key="10.9.0.1 443", algo="wlc", kind="DR"))),
    "the same service twice": Case(text(service(real(1)), service(real(2)))),
    "the same server twice": only(servers=(real(1, "weight 1"), real(1, "weight 3"), real(2))),
    "no server": Case(text(service(), service(*TWO, key="10.9.0.2 80"))),
    "quorum beyond the weights": only("quorum 9", "hysteresis 9"),
    "a sorry server in reserve": only("sorry_server 10.1.0.3 80"),
}
