"""VRRP differential cases of settings: addresses with peers and lifetimes, delays of links, what is said of the source address."""
import time

from .differential_text import block
from .vrrp_steps import cable, start, step, stop, told
from .vrrp_text import SECOND, SHORT, STORY, case

V6 = {"ipv6": True, "address": "fd00::100"}
DELAYS = (block("interface_up_down_delays", "eth0 1 1"),)
#: Longer than a take-over takes that a delay of one second puts off.
LONGER = 3.0


def pause(seconds):
    return lambda world: time.sleep(seconds)


CASES = {
    "address with a peer in a prefix": case(vips=("10.0.0.100", "10.0.6.1 peer 10.0.6.2/30"), steps=SHORT),
    "excluded address with a peer": case(block("virtual_ipaddress_excluded", "10.0.6.1 peer 10.0.6.2", "fd00:6::1 peer fd00:6::2"),
                                         case_words={"ipv6": True}, steps=SHORT),
    "address with a peer, IPv6": case(vips=("fe80::100", "fd00::100", "fd00:6::1 peer fd00:6::2"), case_words=V6, steps=SHORT),
    "static address with a peer": case(before=(block("static_ipaddress", "10.0.6.1 peer 10.0.6.2 dev eth0"),), steps=SHORT),
    "preferred_lft": case(vips=("fe80::100", "fd00::100", "fd00::101/64 preferred_lft 1000", "fd00::102 preferred_lft 1000"),
                          case_words=V6, steps=SHORT),
    "preferred_lft of IPv4": case(vips=("10.0.0.100", "10.0.0.101 preferred_lft 0", "10.0.0.102 preferred_lft 1"), steps=SHORT),
    "a link that is down for a moment": case(before=DELAYS, advert=SECOND, steps=(
        *STORY[:2],
        step("down and up", cable("a", "down"), pause(0.4), cable("a", "up"), quiet=LONGER),
        step("stop a", stop("a"), holder="b"),
    )),
    "a link that is down for longer": case(before=DELAYS, advert=SECOND, steps=(
        *STORY[:2],
        step("down", cable("a", "down"), holder="b", until=told("a", "FAULT"), quiet=LONGER),
        step("up", cable("a", "up"), holder="a", until=told("a", "MASTER"), quiet=LONGER),
    )),
    "unicast_src_ip that is not there": case(
        a=("unicast_src_ip 10.0.0.3", "track_src_ip", block("unicast_peer", "10.0.0.2")),
        b=("unicast_src_ip 10.0.0.2", "track_src_ip", block("unicast_peer", "10.0.0.3")), steps=(
            step("start a", start("a"), holder=""),
            step("start b", start("b"), holder="b"),
        )),
}
