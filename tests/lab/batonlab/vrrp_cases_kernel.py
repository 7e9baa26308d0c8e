"""VRRP differential cases of what the kernel holds: addresses, routes, rules, VMACs, firewall, and links that come and go."""
from .differential_text import block
from .vrrp_steps import Case, asks, cable, ip, start, step, stop, sysctl, told
from .vrrp_text import KILLED, SECOND, SHORT, STORY, both, case, head, instance

V6 = {"ipv6": True, "address": "fd00::100"}
TWO = {"interfaces": ("eth0", "eth1")}
EXCLUDED = block("virtual_ipaddress_excluded", "10.0.0.110", "10.0.0.111/24 dev eth1", "fd00::110", "fd00::111/64 dev eth1")
#: every way to write one
VIPS = ("10.0.0.100", "10.0.0.101/24 dev eth0 label eth0:vip", "10.0.1.1/24 scope link", "10.0.2.1/24 dev eth1 scope host",
        "10.0.0.102/8", "10.0.3.1/24 brd 10.0.3.200", "10.0.3.2/24 brd +", "10.0.4.0/31 brd -",
        "10.0.5.1/24 noprefixroute", "10.0.0.103/24")
VIPS6 = ("fe80::100", "fd00::100", "fd00::101/64", "fd00::102/64 -nodad", "fd00::103/128 preferred_lft forever",
         "fd00::104/64 preferred_lft 0", "fd00::105/64 home", "fd00::106/64 noprefixroute", "fd00::107 dev eth1")
ROUTES = block(
    "virtual_routes", "10.20.0.0/24 via 10.0.0.9", "10.20.1.0/24 via 10.0.0.9 dev eth0 metric 50", "10.20.2.0/24 dev eth1",
    "src 10.0.0.100 to 10.20.3.0/24 via 10.0.0.9 dev eth0", "blackhole 10.20.4.0/24", "unreachable 10.20.5.0/24",
    "prohibit 10.20.6.0/24", "0.0.0.0/0 gw 10.0.0.9 table 100", "10.20.7.0/24 via 10.0.0.9 dev eth0 mtu 1400 advmss 1360",
    "10.20.8.0/24 dev eth0 scope link proto 200 tos 0x10", "10.20.9.9 via 10.0.0.9 dev eth0 onlink",
    "10.20.10.0/24 nexthop via 10.0.0.8 dev eth0 weight 2 nexthop via 10.0.0.9 dev eth0 weight 3")
RULES = block(
    "virtual_rules", "from 10.30.0.0/24 table 100 priority 1000", "to 10.30.1.0/24 lookup 100 pref 1001",
    "iif eth0 fwmark 7 table 100 priority 1002", "from 10.30.2.0/24 blackhole priority 1003",
    "from 10.30.3.0/24 to 10.30.4.0/24 tos 0x10 table 100 priority 1004", "not from 10.30.5.0/24 table 100 priority 1005")
VMAC = {"use_vmac": ("use_vmac",), "use_vmac with vmac_xmit_base": ("use_vmac", "vmac_xmit_base"),
        "use_vmac by name": ("use_vmac vm51",)}
UPPER = ("link add link eth0 name up0 address 02:00:00:00:05:0{number} type macvlan mode bridge", "link set up0 up",
         "addr add 10.5.0.{number}/24 brd + dev up0")
ON_UPPER = {"interface": "up0", "vips": ("10.5.0.100",), "world": UPPER, "case_words": {"address": "10.5.0.100"}}
ELSEWHERE = {"vips": ("10.0.0.100", "10.1.0.100/24 dev eth1", "10.1.0.101/24 dev eth1"), "case_words": {**TWO, "ipv6": True}}
EXTRA = {**ELSEWHERE, "case_words": {**ELSEWHERE["case_words"], "periodic": True}}
TWENTY = tuple(f"10.0.0.{number}" for number in range(100, 120))


def one(line, **words):
    """A case of one address beside the usual."""
    return case(vips=("10.0.0.100", line), steps=SHORT, **words)


CASES = {
    "addresses": case(vips=VIPS, case_words=TWO),
    "addresses of IPv6": case(vips=VIPS6, case_words={**TWO, **V6}),
    "address of another interface, which goes down": case(vips=("10.0.0.100", "10.1.0.100 dev eth1"), case_words=TWO, steps=(
        *STORY[:2],
        step("down", ip("a", "link set eth1 down"), holder="b", until=told("a", "FAULT")),
        step("up", ip("a", "link set eth1 up"), holder="a", until=told("a", "MASTER")),
    )),
    "address of another interface, no_track": case(vips=("10.0.0.100", "10.1.0.100 dev eth1 no_track"), case_words=TWO, steps=(
        *STORY[:2],
        step("down", ip("a", "link set eth1 down"), holder="a", quiet=2.0),
        step("up", ip("a", "link set eth1 up"), holder="a", quiet=2.0),
        step("stop a", stop("a"), holder="b"),
    )),
    "the interface's own address removed": case(steps=(
        *STORY[:2],
        step("it is removed", ip("a", "addr del 10.0.0.1/24 dev eth0"), holder="b"),
        step("it is back", ip("a", "addr add 10.0.0.1/24 brd + dev eth0"), holder="a", quiet=2.5),
    )),
    "address with a peer": one("10.0.6.1 peer 10.0.6.2"),
    "twenty addresses": case(vips=TWENTY),
    "excluded addresses": case(EXCLUDED, case_words={**TWO, "ipv6": True}),
    "an address removed": case(steps=(
        *STORY[:2],
        step("it is removed", ip("a", "addr del 10.0.0.100/32 dev eth0"), holder="a", until=told("a", "MASTER")),
        step("stop a", stop("a"), holder="b"),
    )),
    "an excluded address removed": case(block("virtual_ipaddress_excluded", "10.0.0.110"), steps=(
        *STORY[:2],
        step("it is removed", ip("a", "addr del 10.0.0.110/32 dev eth0"), holder="a"),
    )),
    "an address that was there": case(steps=(
        step("start a", ip("a", "addr add 10.0.0.100/32 dev eth0"), start("a")),
        *SHORT[1:],
    )),
    "promote_secondaries": case("promote_secondaries", vips=("10.0.7.1/24", "10.0.7.2/24", "10.0.0.100"), steps=SHORT),
    "routes": case(ROUTES, case_words=TWO),
    "routes of IPv6": case(block("virtual_routes", "fd20::/64 via fd00::9 dev eth0", "fd21::/64 dev eth0 metric 77",
                                 "blackhole fd22::/64", "::/0 via fd00::9 dev eth0 table 100"),
                           vips=("fe80::100", "fd00::100"), case_words=V6, steps=SHORT),
    "rules": case(RULES),
    "rules of IPv6": case(block("virtual_rules", "from fd30::/64 table 100 priority 1000", "to fd31::/64 lookup 100 pref 1001"),
                          vips=("fe80::100", "fd00::100"), case_words=V6, steps=SHORT),
    "a route removed": case(block("virtual_routes", "10.20.0.0/24 via 10.0.0.9 dev eth0"), steps=(
        *STORY[:2],
        step("it is removed", ip("a", "route del 10.20.0.0/24"), holder="a", quiet=2.5),
    )),
    "a route removed, no_track": case(block("virtual_routes", "10.20.0.0/24 via 10.0.0.9 dev eth0 no_track"), steps=(
        *STORY[:2],
        step("it is removed", ip("a", "route del 10.20.0.0/24"), holder="a"),
    )),
    "a rule removed": case(block("virtual_rules", "from 10.30.0.0/24 table 100 priority 1000"), steps=(
        *STORY[:2],
        step("it is removed", ip("a", "rule del priority 1000"), holder="a", quiet=2.5),
    )),
    "static addresses, routes and rules": Case(*("\n".join([
        head(), block("static_ipaddress", "10.0.8.1/24 dev eth0"), block("static_routes", "10.40.0.0/24 via 10.0.0.9 dev eth0"),
        block("static_rules", "from 10.41.0.0/24 table 101 priority 900"), instance(priority=priority), ""])
        for priority in (150, 100)), SHORT),
    "no_accept": case("no_accept", steps=(
        *STORY[:2],
        step("b asks", asks("b", "10.0.0.100"), asks("b", "10.0.0.1")),
        step("stop a", stop("a"), holder="b"),
    )),
    "no_accept of IPv6": case("no_accept", vips=("fe80::100", "fd00::100"), case_words=V6, steps=(
        *STORY[:2],
        step("b asks", asks("b", "fd00::100"), asks("b", "fd00::1")),
        step("stop a", stop("a"), holder="b"),
    )),
    "no_accept of an owner": case("no_accept", priorities=(255, 100), steps=(
        *STORY[:2],
        step("b asks", asks("b", "10.0.0.100")),
    )),
    "link down and up": case(steps=(
        *STORY[:2],
        step("down", ip("a", "link set eth0 down"), holder="b"),
        step("up", ip("a", "link set eth0 up"), holder="a", until=told("a", "MASTER")),
        step("the backup's down", ip("b", "link set eth0 down")),
        step("the backup's up", ip("b", "link set eth0 up"), quiet=2.0),
        step("stop", stop("b"), stop("a"), holder=""),
    )),
    "carrier lost and back": case(steps=(
        *STORY[:2],
        step("lost", cable("a", "down"), holder="b", until=told("a", "FAULT")),
        step("back", cable("a", "up"), holder="a", until=told("a", "MASTER")),
        step("stop a", stop("a"), holder="b"),
    )),
    "started on a link that is down": case(steps=(
        step("start b", start("b"), holder="b"),
        step("start a", ip("a", "link set eth0 down"), start("a"), holder="b"),
        step("up", ip("a", "link set eth0 up"), holder="a", until=told("a", "MASTER")),
    )),
    "dont_track_primary": case("dont_track_primary", steps=(
        *STORY[:2],
        step("lost", cable("a", "down"), holder="ab"),
        step("stop b", stop("b")),
        step("back", cable("a", "up")),
    )),
    "link down and up with IPv6": case(vips=("fe80::100", "fd00::100"), case_words=V6, steps=(
        *STORY[:2],
        step("down", ip("a", "link set eth0 down"), holder="b", until=told("a", "FAULT")),
        step("up", ip("a", "link set eth0 up"), holder="a", until=told("a", "MASTER")),
    )),
    **{name: case(*lines) for name, lines in VMAC.items()},
    "use_vmac with another MAC": case("use_vmac vrrp.51 02:00:5e:00:01:99", steps=SHORT),
    "use_vmac with all kinds of addresses": case("use_vmac", EXCLUDED,
                                                 vips=("10.0.0.100", "10.0.0.101/24", "10.0.2.1/24 dev eth1"),
                                                 case_words={**TWO, "ipv6": True}, steps=SHORT),
    "use_vmac with routes": case("use_vmac", block("virtual_routes", "10.20.0.0/24 via 10.0.0.9",
                                                   "10.20.2.0/24 dev eth1"), case_words=TWO, steps=SHORT),
    "use_vmac of v2 with PASS": case("use_vmac", block("authentication", "auth_type PASS", "auth_pass 1111"), version=2,
                                     advert=SECOND, steps=SHORT),
    "use_vmac of an owner": case("use_vmac", priorities=(255, 100), steps=SHORT),
    "use_vmac with no_accept": case("use_vmac", "no_accept", steps=(
        *STORY[:2],
        step("b asks", asks("b", "10.0.0.100"), asks("b", "10.0.0.1")),
    )),
    "use_vmac, an address removed": case("use_vmac", steps=(
        *STORY[:2],
        step("it is removed", ip("a", "addr del 10.0.0.100/32 dev vrrp.51"), until=told("a", "MASTER")),
    )),
    "use_vmac, the link removed": case("use_vmac", steps=(
        STORY[0],
        step("it is removed", ip("a", "link del vrrp.51"), until=told("a", "MASTER")),
    )),
    "use_vmac, rp_filter set": case("use_vmac", steps=(
        step("start a", sysctl("a", "net.ipv4.conf.all.rp_filter", 1), sysctl("a", "net.ipv4.conf.default.rp_filter", 1),
             start("a")),
        *SHORT[1:],
    )),
    "use_vmac, two instances": Case(*("\n".join(pair) for pair in zip(
        both("use_vmac"), both("use_vmac", name="VI_2", vrid=52, vips=("10.0.0.120",)))), SHORT),
    "use_vmac, link down and up": case("use_vmac", steps=(
        *STORY[:2],
        step("down", ip("a", "link set eth0 down"), holder="b", until=told("a", "FAULT")),
        step("up", ip("a", "link set eth0 up"), holder="a", until=told("a", "MASTER")),
    )),
    "use_vmac unicast": case("use_vmac", a=("unicast_src_ip 10.0.0.1", block("unicast_peer", "10.0.0.2")),
                             b=("unicast_src_ip 10.0.0.2", block("unicast_peer", "10.0.0.1")), steps=SHORT),
    "use_vmac of IPv6": case("use_vmac", vips=("fe80::100", "fd00::100"), case_words=V6),
    "use_vmac of IPv6 with vmac_xmit_base": case("use_vmac", "vmac_xmit_base", vips=("fe80::100", "fd00::100"), steps=SHORT,
                                                 case_words=V6),
    "use_vmac_addr": case("use_vmac_addr", EXCLUDED, **ELSEWHERE),
    "use_vmac_addr with use_vmac": case("use_vmac", "use_vmac_addr", EXCLUDED, **ELSEWHERE),
    "use_vmac_addr with another MAC": case("use_vmac 02:00:5e:00:01:99", "use_vmac_addr", steps=SHORT, **ELSEWHERE),
    "use_vmac_addr of IPv6": case("use_vmac", "use_vmac_addr", block("virtual_ipaddress_excluded", "10.0.0.100", "10.1.0.100 dev eth1"),
                                  vips=("fe80::100", "fd00::100/64", "fd01::100/64 dev eth1"), case_words={**TWO, **V6}),
    "use_vmac_addr, two instances": Case(*("\n".join(pair) for pair in zip(
        both("use_vmac", "use_vmac_addr", vips=ELSEWHERE["vips"]),
        both("use_vmac", "use_vmac_addr", name="VI_2", vrid=52, interface="eth1", vips=("10.1.0.120", "10.0.0.121 dev eth0")))),
        SHORT, **TWO),
    "use_vmac of single addresses": case("use_vmac", vips=(
        "10.0.0.100", "10.0.0.102 dev eth0", "10.1.0.100/24 dev eth1 use_vmac", "10.1.0.101/24 dev eth1"), case_words=TWO),
    "use_vmac of single addresses, vmac_addr_prefix": case(
        block("virtual_ipaddress_excluded", "fd01::100/64 dev eth1 use_vmac"), steps=SHORT, top=("vmac_addr_prefix vaddr",), vips=(
            "10.0.0.100", "10.1.0.100/24 dev eth1 use_vmac", "10.1.0.101/24 dev eth1", "10.0.0.102 dev eth0 use_vmac"),
        case_words={**TWO, "ipv6": True}),
    "use_vmac with long prefixes": case("use_vmac", "use_vmac_addr", EXCLUDED, steps=SHORT, **ELSEWHERE,
                                        top=("vmac_prefix averylongprefix1", "vmac_addr_prefix anotherlongprefix")),
    "use_vmac_addr killed": case("use_vmac_addr", **ELSEWHERE, steps=(
        *STORY[:2],
        step("kill b", lambda world: world.kill("b"), quiet=2.0),
        step("b returns", start("b")),
        step("stop a", stop("a"), holder="b"),
    )),
    "garp_extra_if": case("use_vmac_addr", "garp_extra_if 1", EXCLUDED, steps=SHORT, **EXTRA),
    "garp_extra_if all": case("use_vmac", "garp_extra_if all 1", EXCLUDED, steps=SHORT, **EXTRA),
    "vrrp_garp_extra_if": case("use_vmac", "use_vmac_addr", steps=SHORT, top=("vrrp_garp_extra_if 1",), **EXTRA),
    "vrrp_garp_extra_if, 0 of an instance": case("use_vmac_addr", "garp_extra_if 0", steps=SHORT,
                                                 top=("vrrp_garp_extra_if all 1",), **ELSEWHERE),
    "disable_local_igmp": case("use_vmac", steps=SHORT, top=("disable_local_igmp",)),
    "routes and rules, killed": case(ROUTES, RULES, case_words=TWO, steps=KILLED),
    "use_vmac killed": case("use_vmac", steps=(
        *STORY[:2],
        step("kill b", lambda world: world.kill("b"), quiet=2.0),
        step("b returns", start("b")),
        step("stop a", stop("a"), holder="b"),
    )),
    "address of an interface without others": case(vips=("10.0.0.100", "10.7.0.1/24 dev va"), steps=SHORT, world=(
        "link add va address 02:00:00:00:06:01 type veth peer name vb address 02:00:00:00:06:02", "link set va up",
        "link set vb up")),
    "instance of an upper interface": case(**ON_UPPER, steps=SHORT),
    "the interface removed and made again": case(top=("dynamic_interfaces",), **ON_UPPER, steps=(
        *STORY[:2],
        step("removed", ip("a", "link del up0"), holder="b", until=told("a", "FAULT")),
        step("made again", ip("a", *(line.format(number=1) for line in UPPER)), holder="a", until=told("a", "MASTER")),
    )),
    "sixty excluded addresses": case(block("virtual_ipaddress_excluded", *(f"10.0.9.{number}" for number in range(1, 61))),
                                     steps=SHORT),
}
