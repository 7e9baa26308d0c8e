"""VRRP differential cases of reloads."""
from .differential_text import block
from .vrrp_cases_kernel import EXCLUDED, ROUTES, RULES, TWO
from .vrrp_steps import Case, reload, start, step, stop, told, write
from .vrrp_text import SECOND, STORY, both, case, instance

MORE = both(vips=("10.0.0.100", "10.0.0.101"))
#: An instance beside VI_1.
SECOND_ONE = {"name": "VI_2", "vrid": 52, "vips": ("10.0.0.120",)}
TRACKED = block("track_script", "CHECK")


def check(*lines):
    return (block("vrrp_script CHECK", 'script "DIR/check"', "interval 1", *lines),)


def passed(text):
    return block("authentication", "auth_type PASS", f"auth_pass {text}")


def beside(*lines, top=()):
    """VI_1 and VI_2: (configuration of a, of b)."""
    return tuple("\n".join(pair) for pair in zip(both(top=top), both(*lines, **SECOND_ONE)))


CASES = {
    "reload with an address more": case(steps=(
        *STORY[:2],
        step("reload a", reload("a", MORE[0]), quiet=4, holder="ab"),
        step("reload b", reload("b", MORE[1]), quiet=2.0, holder="a"),
        step("stop a", stop("a"), holder="b"),
    )),
    "reload with an address less": case(vips=("10.0.0.100", "10.0.0.101"), steps=(
        *STORY[:2],
        step("reload b", reload("b", both()[1]), holder="ab", quiet=4),
        step("reload a", reload("a", both()[0]), quiet=2.0, holder="a"),
    )),
    "reload of the master's excluded addresses": case(EXCLUDED, case_words={**TWO, "ipv6": True}, steps=(
        *STORY[:2],
        step("reload a", reload("a", both(block("virtual_ipaddress_excluded", "10.0.0.110", "10.0.0.112/24 dev eth1"))[0])),
    )),
    "reload with another priority": case(steps=(
        *STORY[:2],
        step("reload a", reload("a", both(priorities=(50, 100))[0]), holder="b"),
        step("reload a again", reload("a", both()[0]), holder="a"),
    )),
    "reload with another instance": case(steps=(
        *STORY[:2],
        step("reload a", reload("a", "\n".join((both()[0], instance(**SECOND_ONE)))),
             until=told("a", "VI_2 MASTER")),
        step("reload a again", reload("a", both()[0]), quiet=2.0),
    )),
    "reload with nopreempt, advert_int and garp_master_repeat": case(steps=(
        *STORY[:2],
        step("reload a", reload("a", both("nopreempt", "garp_master_repeat 2", advert="0.3")[0]), quiet=2.0),
        step("reload b", reload("b", both("nopreempt", advert="0.3")[1]), quiet=2.0),
        step("stop a", stop("a"), holder="b"),
        step("a returns", start("a"), holder="b", quiet=2.5),
    )),
    "reload of routes and rules": case(ROUTES, RULES, case_words=TWO, steps=(
        *STORY[:2],
        step("reload a", reload("a", both(block("virtual_routes", "10.20.0.0/24 via 10.0.0.8", "10.20.2.0/24 dev eth1"),
                                          block("virtual_rules", "from 10.30.0.0/24 table 101 priority 1000"))[0]), quiet=2.0),
        step("stop a", stop("a"), holder="b"),
    )),
    "reload without a change": case(steps=(
        *STORY[:2],
        step("reload a", reload("a", both()[0]), quiet=2.0),
        step("reload b", reload("b", both()[1]), quiet=2.0),
    )),
    "reload without the instance": Case(*beside(), (
        *STORY[:2],
        step("reload a", reload("a", both()[0]), holder="a", quiet=2.0),
    )),
    "reload without an instance that has notify_deleted": Case(*beside("notify_deleted"), (
        *STORY[:2],
        step("reload a", reload("a", both()[0]), quiet=2.0),
    )),
    "reload, states written again": case(top=("fifo_write_vrrp_states_on_reload",), steps=(
        *STORY[:2],
        step("reload a", reload("a", both(top=("fifo_write_vrrp_states_on_reload",))[0]), quiet=2.0),
        step("reload b", reload("b", both(top=("fifo_write_vrrp_states_on_reload",))[1]), quiet=2.0),
    )),
    "reload with another password": case(passed("1111"), version=2, advert=SECOND, steps=(
        *STORY[:2],
        step("reload a", reload("a", both(passed("2222"), version=2, advert=SECOND)[0]), holder="ab", quiet=5),
        step("reload b", reload("b", both(passed("2222"), version=2, advert=SECOND)[1]), holder="a", quiet=2.0),
    )),
    "reload with use_vmac": case(steps=(
        *STORY[:2],
        step("reload b", reload("b", both("use_vmac")[1]), quiet=2.0),
        step("reload a", reload("a", both("use_vmac")[0]), quiet=3.0),
        step("stop a", stop("a"), holder="b"),
    )),
    "reload with a script": case(steps=(
        *STORY[:2],
        step("reload a", reload("a", both(TRACKED, before=check("weight -60"))[0]), quiet=2.5),
        step("bad", write("a", "bad", ""), holder="b", quiet=2.2),
        step("reload a without it", reload("a", both()[0]), holder="a", quiet=2.2),
    )),
    "reload with another weight": case(TRACKED, before=check("weight -20"), steps=(
        *STORY[:2],
        step("bad", write("a", "bad", ""), quiet=2.2),
        step("reload a", reload("a", both(TRACKED, before=check("weight -60"))[0]), holder="b", quiet=2.2),
    )),
    "reload with notify scripts": case(steps=(
        *STORY[:2],
        step("reload a", reload("a", both('notify_stop "DIR/note stopped"', 'notify_backup "DIR/note backup"')[0]), quiet=2.0),
        step("stop a", stop("a"), holder="b"),
    )),
    "reload with a mistake": case(steps=(
        *STORY[:2],
        step("reload a", reload("a", both("no_such_keyword 3")[0]), quiet=2.0),
        step("stop a", stop("a"), holder="b"),
    )),
}
