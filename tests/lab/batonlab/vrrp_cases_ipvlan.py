"""VRRP differential cases of ipvlans, which many kernels do not have; user-mode Linux has."""
from .differential_text import block
from .vrrp_steps import ip, start, step, stop, told
from .vrrp_text import KILLED, SHORT, STORY, case

V6 = {"vips": ("fe80::100", "fd00::100/64"), "case_words": {"ipv6": True, "address": "fd00::100"}}
TWO = {"vips": ("10.0.0.100", "10.1.0.100/24 dev eth1"), "case_words": {"interfaces": ("eth0", "eth1")}}


def own(*lines, line="use_ipvlan 10.0.0.5{number}/24", **words):
    """A case in which each director's ipvlan has an address of its own."""
    return case(*lines, a=(line.format(number=1),), b=(line.format(number=2),), **words)


CASES = {
    "use_ipvlan": own(),
    "use_ipvlan with a name and vepa": own(line="use_ipvlan ipv51 10.0.0.5{number} vepa", steps=SHORT),
    "use_ipvlan private": own(line="use_ipvlan 10.0.0.5{number}/24 private", steps=SHORT),
    "use_ipvlan with vmac_xmit_base": own("vmac_xmit_base", steps=SHORT),
    "use_ipvlan with use_vmac_addr": own("use_vmac_addr", steps=SHORT, **TWO),
    "use_ipvlan with garp_extra_if all": own("garp_extra_if all 1", steps=SHORT, vips=TWO["vips"],
                                             case_words={**TWO["case_words"], "periodic": True}),
    "use_ipvlan without an address": case("use_ipvlan", steps=(
        step("start both", start("a", "b"), holder=""),
        step("stop a", stop("a"), holder=""),
    )),
    "use_ipvlan unicast": case(
        a=("use_ipvlan 10.0.0.51/24", "unicast_src_ip 10.0.0.51", block("unicast_peer", "10.0.0.52")),
        b=("use_ipvlan 10.0.0.52/24", "unicast_src_ip 10.0.0.52", block("unicast_peer", "10.0.0.51"))),
    "use_ipvlan of IPv6": own(line="use_ipvlan fe80::5{number}/64", **V6),
    "use_ipvlan, link down and up": own(steps=(
        *STORY[:2],
        step("down", ip("a", "link set eth0 down"), holder="b", until=told("a", "FAULT")),
        step("up", ip("a", "link set eth0 up"), holder="a", until=told("a", "MASTER")),
        step("stop a", stop("a"), holder="b"),
    )),
    "use_ipvlan killed": own(steps=KILLED),
}
