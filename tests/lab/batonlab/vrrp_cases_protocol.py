"""VRRP differential cases of the protocol itself: versions, authentication, unicast, IPv6, priorities and timers."""
from .differential_text import block
from .vrrp_steps import Case, announced, heard, ip, joined, kill, parted, reload, start, step, stop, told
from .vrrp_text import KILLED, SECOND, SHORT, STORY, both, case

VIP6 = ("fe80::100", "fd00::100", "fd00::101/64")
V6 = {"ipv6": True, "address": "fd00::100"}
#: A version 2 master is silent for three seconds and more before anybody takes over.
V2 = {"version": 2, "advert": SECOND}


def password(kind, text):
    return block("authentication", f"auth_type {kind}", f"auth_pass {text}")


def unicast(one, other, *more):
    """What makes a pair unicast: (lines of a, lines of b)."""
    return {name: (f"unicast_src_ip {own}", block("unicast_peer", peer), *more)
            for name, own, peer in (("a", one, other), ("b", other, one))}


UNICAST = unicast("10.0.0.1", "10.0.0.2")


def per_instance(version):
    """vrrp_version says one thing, the instance another."""
    return case(f"version {version}", version=5 - version, steps=SHORT, advert=SECOND)


TOLD = (*(f'notify_{state} "DIR/note {state}"' for state in ("master", "backup", "fault", "stop")),
        'notify_master_rx_lower_pri "DIR/note lower"')
#: Notes its arguments one by one.
ARGUMENTS = '#!/bin/sh\nfor word; do echo "[$word]"; done >>DIR/notes\n'
#: Reads the pipe that is its last argument.
READER = '#!/bin/sh\nwhile read -r line; do echo "$1: $line" >>DIR/notes; done <"$2"\n'
CASES = {
    "v2": case(**V2),
    "v2 killed": case(**V2, steps=KILLED),
    "v2 PASS": case(password("PASS", "1111"), **V2, steps=SHORT),
    "v2 PASS long": case(password("PASS", "twelve-chars"), **V2, steps=SHORT),
    "v2 PASS short": case(password("PASS", "x"), **V2, steps=SHORT),
    "v2 PASS differ": case(**V2, a=(password("PASS", "1111"),), b=(password("PASS", "2222"),), steps=(
        step("start a", start("a")),
        step("start b", start("b"), holder="ab", quiet=5),
        step("stop a", stop("a"), holder="b"),
    )),
    "v2 AH": case(password("AH", "secret"), **V2),
    "v2 two seconds": case(version=2, advert="2", steps=SHORT),
    "v3": case(),
    "v3 killed": case(steps=KILLED),
    "v3 at a second": case(advert=SECOND, steps=SHORT),
    "v3 at 0.1 s": case(advert="0.1", steps=SHORT),
    "v3 at 0.25 s and 0.5 s": Case(both(advert="0.25")[0], both(advert="0.5")[1], STORY),
    "version 2 of the instance": per_instance(2),
    "version 3 of the instance": per_instance(3),
    "v2 unicast": case(**V2, **UNICAST),
    "v3 unicast": case(**UNICAST),
    "v3 unicast with a TTL": case(**unicast("10.0.0.1", "10.0.0.2", "unicast_ttl 7"), steps=SHORT),
    "v3 unicast, several peers": case(steps=SHORT, a=("unicast_src_ip 10.0.0.1", block("unicast_peer", "10.0.0.2", "10.0.0.9")),
                                      b=("unicast_src_ip 10.0.0.2", block("unicast_peer", "10.0.0.1", "10.0.0.9"))),
    "v3 unicast, a stranger": case(steps=(
        step("start a", start("a")),
        step("start b, whose peer is another", start("b"), holder="ab", quiet=2.5),
    ), a=("check_unicast_src", "unicast_src_ip 10.0.0.1", block("unicast_peer", "10.0.0.9")),
        b=("check_unicast_src", "unicast_src_ip 10.0.0.2", block("unicast_peer", "10.0.0.1"))),
    "v3 unicast, another TTL than is wanted": case(steps=(
        step("start a", start("a")),
        step("start b", start("b"), holder="ab", quiet=4),
    ), a=("unicast_src_ip 10.0.0.1", block("unicast_peer", "10.0.0.2 min_ttl 10 max_ttl 20")),
        b=("unicast_src_ip 10.0.0.2", block("unicast_peer", "10.0.0.1 min_ttl 10 max_ttl 20"))),
    "v2 PASS unicast": case(password("PASS", "1111"), **V2, steps=SHORT, **UNICAST),
    "old_unicast_checksum": case("old_unicast_checksum", steps=SHORT, **UNICAST),
    "old_unicast_checksum of one": case(steps=STORY[:4], a=(*UNICAST["a"], "old_unicast_checksum"), b=UNICAST["b"]),
    "v3 PASS": case(password("PASS", "1111"), steps=SHORT),
    "a fraction of v2": case(version=2, advert="1.5", steps=SHORT),
    "v2 and v3": Case(both(advert=SECOND, version=2)[0], both(advert=SECOND)[1], (
        step("start a", start("a")),
        step("start b", start("b"), holder="ab", quiet=5),
    )),
    "other intervals of v2": Case(both(**V2)[0], both(version=2, advert="2")[1], (
        step("start a", start("a")),
        step("start b", start("b"), holder="ab", quiet=8),
    )),
    "v3 source and group": case("mcast_dst_ip 224.0.0.200", a=("mcast_src_ip 10.0.0.71",), b=("mcast_src_ip 10.0.0.72",),
                                world=("addr add 10.0.0.7{number}/24 dev eth0",), steps=SHORT),
    "v3 source that is missing": case(a=("mcast_src_ip 10.0.0.71",), steps=SHORT),
    "IPv6": case(vips=VIP6, case_words=V6),
    "IPv6 unicast": case(vips=VIP6, case_words=V6, **unicast("fd00::1", "fd00::2")),
    "IPv4 and IPv6": Case(*("\n".join(pair) for pair in zip(
        both(), both(name="VI_6", vrid=52, vips=VIP6))), STORY, ipv6=True),
    "IPv6 killed": case(vips=VIP6, case_words=V6, steps=KILLED),
    "IPv6 owner": case(vips=VIP6, case_words=V6, priorities=(255, 100), steps=SHORT),
    "IPv6 at 0.1 s": case(vips=VIP6, case_words=V6, advert="0.1", steps=SHORT),
    "IPv6 unicast with a TTL": case(vips=VIP6, case_words=V6, steps=SHORT, **unicast("fd00::1", "fd00::2", "unicast_ttl 7")),
    "IPv6, the link-local address last": case(vips=VIP6[1:] + VIP6[:1], case_words=V6, steps=SHORT),
    "IPv6, no link-local address": case(vips=VIP6[1:], case_words=V6, steps=SHORT),
    "IPv6, an address removed": case(vips=VIP6, case_words=V6, steps=(
        *STORY[:2],
        step("it is removed", ip("a", "addr del fd00::100/128 dev eth0"), until=told("a", "MASTER")),
    )),
    "nopreempt": case("nopreempt", "state BACKUP", steps=(
        *STORY[:3],
        step("a returns", start("a"), holder="b", quiet=2.5),
        step("kill b", kill("b"), holder="a"),
        step("b returns", start("b"), holder="a", quiet=2.5),
    )),
    "preempt_delay": case("preempt_delay 7", steps=(
        step("start a", start("a"), holder="a"),
        *STORY[1:3],
        step("a returns", start("a"), holder="b", quiet=2.2),
        step("the delay is over", holder="a"),
    )),
    "owner": case(priorities=(255, 100)),
    "owner as BACKUP": case(a=("state BACKUP",), priorities=(255, 100), steps=SHORT),
    "MASTER without priority": case(a=("state MASTER",), priorities=(None, 100), steps=SHORT),
    "states": case(a=("state MASTER",), b=("state BACKUP",), steps=SHORT),
    "two instances, a master each": Case(*("\n".join(pair) for pair in zip(
        both(), both(name="VI_2", vrid=52, vips=("10.0.0.120",), priorities=(100, 150)))), (
        *STORY[:1],
        step("start b", start("b"), until=told("b", "VI_2 MASTER")),
        step("stop a", stop("a"), holder="b"),
        step("a returns", start("a"), holder="a"),
        step("kill b", kill("b"), holder="a", until=told("a", "VI_2 MASTER")),
    )),
    "two owners": case(priorities=(255, 255), steps=(
        step("start a", start("a")),
        step("start b", start("b"), holder="b", quiet=3),
    )),
    "equal priorities": case(priorities=(100, 100), steps=(
        step("start a", start("a")),
        step("start b", start("b")),
        step("kill a", kill("a"), holder="b"),
        step("a returns", start("a"), holder="b", quiet=2.5),
    )),
    "priorities 1 and 254": case(priorities=(254, 1)),
    "higher_prio_send_advert": case("higher_prio_send_advert", steps=STORY[:5]),
    "lower_prio_no_advert": case("lower_prio_no_advert", steps=STORY[:5]),
    "down_timer_adverts": case("down_timer_adverts 6", steps=KILLED),
    "a backup killed and back": case(steps=(
        *STORY[:2],
        step("kill b", kill("b"), quiet=2.0),
        step("b returns", start("b"), quiet=2.0),
        step("stop a", stop("a"), holder="b"),
    )),
    "two masters meet, the lesser speaks first": Case(both(advert="0.4")[0], both(advert="0.2")[1], (
        *STORY[:2],
        step("parted", parted, holder="ab"),
        step("joined", heard("a"), joined),
        step("stop", stop("b"), stop("a"), holder=""),
    )),
    "two masters meet, the better speaks first": Case(both(advert="0.2")[0], both(advert="0.4")[1], (
        *STORY[:2],
        step("parted", parted, holder="ab"),
        step("joined", heard("b"), joined),
        step("stop", stop("b"), stop("a"), holder=""),
    )),
    "GARP refresh": case("garp_master_refresh 1", "garp_master_refresh_repeat 2", case_words={"periodic": True}, steps=(
        step("start a", start("a")),
        step("refresh", until=announced("a")),
        step("start b", start("b")),
        step("stop a", stop("a"), holder="b"),
        step("refresh of b", holder="b", until=announced("b")),
    )),
    "GARP counts": case("garp_master_repeat 3", "garp_master_delay 0", steps=SHORT),
    "GARP of a lower priority": Case(*(both("garp_lower_prio_repeat 2", "garp_lower_prio_delay 0", advert=advert)[at]
                                       for at, advert in enumerate(("0.4", "0.2"))), (
        *STORY[:2],
        step("parted", parted, holder="ab"),
        step("joined", heard("a"), joined),
    )),
    "globals": case(top=("vrrp_mcast_group4 224.0.0.99", "vrrp_garp_master_repeat 2", "vrrp_down_timer_adverts 4",
                         "vrrp_higher_prio_send_advert", "vrrp_skip_check_adv_addr"), steps=STORY[:5]),
    "globals of IPv6": case(top=("vrrp_mcast_group6 ff02::99",), vips=VIP6, case_words=V6, steps=SHORT),
    "vrrp_min_garp": case(top=("vrrp_min_garp",), steps=SHORT),
    "vrrp_garp_interval": case(top=("vrrp_garp_interval 0.05",), vips=("10.0.0.100", "10.0.0.101"), steps=SHORT),
    "skip_check_adv_addr": case("skip_check_adv_addr", steps=(
        *STORY[:2],
        step("reload a", reload("a", both("skip_check_adv_addr", vips=("10.0.0.100", "10.0.0.101"))[0]), quiet=3),
    )),
    "other addresses": Case(both(vips=("10.0.0.100", "10.0.0.101"))[0], both()[1], (
        step("start a", start("a")),
        step("start b", start("b"), holder="ab", quiet=4),
    )),
    "addresses in another order": Case(both(vips=("10.0.0.100", "10.0.0.101"))[0],
                                       both(vips=("10.0.0.101", "10.0.0.100"))[1], STORY[:3]),
    "startup delay": case(top=("vrrp_startup_delay 3",), steps=SHORT),
    "nopreempt that was state MASTER": case("nopreempt", a=("state MASTER",), steps=(
        *STORY[:3],
        step("a returns", start("a"), holder="a"),
    )),
    "preempt_delay, the master is killed": case("preempt_delay 4", steps=(*STORY[:2], step("kill a", kill("a"), holder="b"))),
    "a prefix of IPv6 in an instance of IPv4": case(vips=("10.0.0.100", "fd00::100"), case_words={"ipv6": True}, steps=SHORT),
    "strict": case("strict_mode", steps=SHORT),
    "notify scripts with arguments": case('notify_master "DIR/args \'a b\' c"', "notify_backup DIR/args", steps=SHORT,
                                          case_words={"files": {"args": ARGUMENTS}}),
    # not to its end: keepalived kills the script, which may not have read what is told of the stop
    "notify_fifo with a script": case(top=("notify_fifo DIR/all", 'notify_fifo_script "DIR/reader one"'), steps=(
        *STORY[:2],
        step("down", ip("a", "link set eth0 down"), holder="b", until=told("a", "FAULT")),
        step("up", ip("a", "link set eth0 up"), holder="a", until=told("a", "MASTER")),
    ), case_words={"files": {"reader": READER}}),
    "notify scripts": Case(*(both(*TOLD, advert=advert)[at] for at, advert in enumerate(("0.4", "0.2"))), (
        *STORY[:4],
        step("the link of a goes down", ip("a", "link set eth0 down"), holder="b"),
        step("and up", ip("a", "link set eth0 up"), holder="a", until=told("a", "MASTER")),
        step("parted", parted, holder="ab"),
        step("joined", heard("a"), joined),
        step("stop", stop("b"), stop("a"), holder=""),
    )),
}
