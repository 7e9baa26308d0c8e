"""Short ways to write the configurations of VRRP differential cases."""
from .differential_text import block
from .vrrp_steps import VIP, Case, kill, start, step, stop

#: A take-over after 1.5 s, and yet a daemon may be late by a second on a busy machine.
FAST = "0.4"
SECOND = "1"
PRIORITIES = (150, 100)

#: What every case does that says nothing else: election, hand-over, return, end.
STORY = (
    step("start a", start("a"), holder="a"),
    step("start b", start("b"), holder="a"),
    step("stop a", stop("a"), holder="b"),
    step("a returns", start("a"), holder="a"),
    step("stop b", stop("b"), holder="a"),
    step("stop a, the last", stop("a"), holder=""),
)
#: The same, shorter.
SHORT = STORY[:3] + (step("stop b, the last", stop("b"), holder=""),)
#: What comes after the master is killed, which says nothing.
KILLED = (
    *STORY[:2],
    step("kill a", kill("a"), holder="b"),
    step("a returns", start("a"), holder="a"),
    step("stop a", stop("a"), holder="b"),
    step("stop b, the last", stop("b"), holder=""),
)


def head(*lines, version=3):
    """global_defs; the second burst of announcements comes after one second."""
    return block("global_defs", "router_id lab", "script_user root", "vrrp_notify_fifo DIR/fifo", f"vrrp_version {version}",
                 "vrrp_garp_master_delay 1", *lines)


def instance(*lines, name="VI_1", vrid=51, priority=100, vips=(VIP,), interface="eth0", advert=FAST):
    """A vrrp_instance; `vips` may be empty."""
    addresses = [block("virtual_ipaddress", *vips)] if vips else []
    words = {"interface": interface, "virtual_router_id": vrid, "priority": priority, "advert_int": advert}
    return block(f"vrrp_instance {name}", *(f"{word} {value}" for word, value in words.items() if value is not None),
                 *addresses, 'notify "DIR/note"', *lines)


def both(*lines, a=(), b=(), before=(), version=3, top=(), priorities=PRIORITIES, **words):
    """The configurations of a and b: the same instance with priorities of their own and more lines for either."""
    return tuple("\n".join([head(*top, version=version), *before, instance(*lines, *own, priority=priority, **words), ""])
                 for own, priority in zip((a, b), priorities))


def case(*lines, steps=STORY, world=(), case_words=None, **words):
    """A case of one instance."""
    return Case(*both(*lines, **words), steps, world=world, **(case_words or {}))
