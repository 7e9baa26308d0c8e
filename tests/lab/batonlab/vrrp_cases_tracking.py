"""VRRP differential cases of what priorities and states follow: scripts, files, interfaces, and the groups of instances."""
from .differential_text import block
from .vrrp_steps import Case, cable, ip, kill, reload, remove, start, step, stop, told, write
from .vrrp_text import STORY, both, case, head, instance

CHECK = block("vrrp_script CHECK", 'script "DIR/check"', "interval 1")
OTHER = block("vrrp_script OTHER", 'script "DIR/other"', "interval 1", "weight -40")
WATCHED = block("track_file FILE", 'file "DIR/watched"', "weight 1", "init_file 0")


def script(*lines):
    return block("vrrp_script CHECK", 'script "DIR/check"', "interval 1", *lines)


def bad(name="a"):
    return write(name, "bad", "")


def good(name="a"):
    return remove(name, "bad")


def scripted(*lines, member="CHECK", a=None, start_bad=False, holder="b", **words):
    """A script of a that goes wrong and well again; `holder` when it is wrong."""
    begin = (step("start a", *([bad()] if start_bad else []), start("a"), **({"holder": ""} if start_bad else {})),)
    return case(before=(script(*lines),), a=(block("track_script", member),) if a is None else a, **words, steps=(
        *begin,
        step("start b", start("b"), holder="b" if start_bad else "a"),
        *(() if start_bad else (step("bad", bad(), holder=holder, quiet=2.2),)),
        step("good", good(), holder="a", quiet=2.2),
        step("stop a", stop("a"), holder="b"),
    ))


def tracked_file(weight, texts, **words):
    """A file of a with these contents, one after another: (text, holder)."""
    tracked = block("track_file", f"FILE weight {weight}")
    return case(before=(WATCHED,), a=(tracked,), **words, steps=(
        *STORY[:2],
        *(step(f"the file says {text!r}", write("a", "watched", text + "\n"), holder=holder, quiet=2.0)
          for text, holder in texts),
        step("stop a", stop("a"), holder="b"),
    ))


def group(*lines, members=("VI_1", "VI_2"), top=(), one=(), two=()):
    """Two instances on two interfaces in a sync group: (configuration of a, of b)."""
    texts = []
    for priority in (150, 100):
        texts.append("\n".join([
            head(*top), *([CHECK] if any("CHECK" in line for line in (*lines, *one, *two)) else []),
            block("vrrp_sync_group G1", block("group", *members), 'notify "DIR/note"', *lines),
            instance(*one, priority=priority),
            instance(*two, name="VI_2", vrid=52, interface="eth1", vips=("10.1.0.100",), priority=priority), ""]))
    return texts


def grouped(*lines, steps, interfaces=("eth0", "eth1"), **words):
    return Case(*group(*lines, **words), steps, interfaces=interfaces)


FAULT_AND_BACK = (
    step("start a", start("a"), holder="a"),
    step("start b", start("b"), holder="a"),
    step("a member's link down", ip("a", "link set eth1 down"), holder="b", until=told("a", "FAULT")),
    step("up", ip("a", "link set eth1 up"), holder="a", until=told("a", "GROUP G1 MASTER")),
    step("stop a", stop("a"), holder="b"),
    step("a returns", start("a"), holder="a"),
    step("stop b", stop("b"), holder="a"),
    step("stop a, the last", stop("a"), holder=""),
)
TRACKED = (
    *FAULT_AND_BACK[:2],
    step("bad", bad(), holder="b", quiet=2.2),
    step("good", good(), holder="a", quiet=2.2),
)
WEIGHED = block("track_script", "CHECK weight -60")

CASES = {
    "script without weight": scripted(),
    "script without weight, bad at the start": scripted(start_bad=True),
    "script, init_fail": scripted("init_fail"),
    "script, rise and fall": scripted("rise 2", "fall 2"),
    "script with a negative weight": scripted("weight -60"),
    "script with a small negative weight": scripted("weight -20", holder="a"),
    "script with a positive weight": scripted("weight 20", priorities=(90, 100)),
    "script, weight of the instance": scripted(member="CHECK weight -70"),
    "script, reverse": case(before=(script("weight 20"),), a=(block("track_script", "CHECK weight 20 reverse"),),
                            priorities=(110, 100), steps=(
        step("start a", bad(), start("a")),
        step("start b", start("b")),
        step("good", good(), holder="b", quiet=2.2),
        step("bad", bad(), holder="a", quiet=2.2),
    )),
    "script, clamped": scripted("weight -200", holder="b"),
    "script of an owner": scripted("weight -60", priorities=(255, 100), holder="a"),
    "script, priority changes told": scripted("weight -20", a=(block("track_script", "CHECK"), "notify_priority_changes"),
                                              holder="a"),
    "script that lasts too long": case(before=(block("vrrp_script CHECK", 'script "DIR/slow"', "interval 1", "timeout 1",
                                                     "weight -60"),), a=(block("track_script", "CHECK"),),
                                       case_words={"files": {"slow": "#!/bin/sh\ntest -e DIR/bad && exec sleep 30\nexit 0\n"}},
                                       steps=(
        *STORY[:2],
        step("slow", bad(), holder="b", quiet=2.2),
        step("stop a", stop("a"), holder="b"),
    )),
    "track_interface": case(block("track_interface", "eth1"), case_words={"interfaces": ("eth0", "eth1")}, steps=(
        *STORY[:2],
        step("down", ip("a", "link set eth1 down"), holder="b", until=told("a", "FAULT")),
        step("up", ip("a", "link set eth1 up"), holder="a", until=told("a", "MASTER")),
    )),
    "track_interface with a weight": case(block("track_interface", "eth1 weight -70"),
                                          case_words={"interfaces": ("eth0", "eth1")}, steps=(
        *STORY[:2],
        step("carrier lost", cable("a", "down", "eth1"), holder="b"),
        step("carrier back", cable("a", "up", "eth1"), holder="a"),
    )),
    "track_file": tracked_file(1, (("10", "a"), ("-100", "b"), ("0", "a"), ("-300", "b"), ("5", "a"))),
    "track_file of the group": Case(*([text.replace("vrrp_sync_group", WATCHED + "\nvrrp_sync_group") for text in group(
        block("track_file", "FILE weight 1"))]), (
        *FAULT_AND_BACK[:2],
        step("-100", write("a", "watched", "-100\n"), holder="b", quiet=2.0),
        step("0", write("a", "watched", "0\n"), holder="a", quiet=2.0),
    ), interfaces=("eth0", "eth1")),
    "track_file, init_file of a number": case(before=(WATCHED.replace("init_file 0", "init_file 30"),),
                                              a=(block("track_file", "FILE weight 1"),), steps=(
        *STORY[:2],
        step("removed", remove("a", "watched"), quiet=2.0),
    )),
    "track_file with weight 0": tracked_file(0, (("1", "b"), ("0", "a"))),
    "track_file reversed": tracked_file("-1", (("100", "b"), ("0", "a"))),
    "track_interface of the group": grouped(block("track_interface", "eth2"), interfaces=("eth0", "eth1", "eth2"), steps=(
        *FAULT_AND_BACK[:2],
        step("down", cable("a", "down", "eth2"), holder="b", until=told("a", "FAULT")),
        step("up", cable("a", "up", "eth2"), holder="a", until=told("a", "GROUP G1 MASTER")),
    )),
    "two scripts": case(before=(script("weight -20"), OTHER),
                        a=(block("track_script", "CHECK", "OTHER"),),
                        case_words={"files": {"other": "#!/bin/sh\ntest ! -e DIR/worse\n"}}, steps=(
        *STORY[:2],
        step("one is bad", bad(), holder="a", quiet=2.2),
        step("both are", write("a", "worse", ""), holder="b", quiet=2.2),
        step("one is well again", good(), holder="a", quiet=2.2),
    )),
    "script of the backup": case(before=(script("weight 80"),), b=(block("track_script", "CHECK"),), steps=(
        step("start a", start("a")),
        step("start b", bad("b"), start("b"), quiet=2.2),
        step("good", good("b"), holder="b", quiet=2.2),
        step("bad", bad("b"), holder="a", quiet=2.2),
    )),
    "script, nopreempt": case("nopreempt", before=(script("weight -60"),), a=(block("track_script", "CHECK"),), steps=(
        *STORY[:2],
        step("bad", bad(), holder="a", quiet=2.5),
        step("good", good(), holder="a", quiet=2.2),
    )),
    "script bad on both": case(block("track_script", "CHECK"), before=(script(),), steps=(
        *STORY[:2],
        step("b is bad", bad("b"), quiet=2.2),
        step("a is bad", bad("a"), holder="", quiet=2.2),
        step("b is good", good("b"), holder="b", quiet=2.2),
        step("a is good", good("a"), holder="a", quiet=2.2),
    )),
    "script bad when it is stopped": case(before=(script(),), a=(block("track_script", "CHECK"),), steps=(
        *STORY[:2],
        step("bad", bad(), holder="b", quiet=2.2),
        step("stop a", stop("a"), holder="b"),
    )),
    "script at intervals of 0.2 s": case(before=(block("vrrp_script CHECK", 'script "DIR/check"', "interval 0.2", "fall 3"),),
                                         a=(block("track_script", "CHECK"),), steps=(
        *STORY[:2],
        step("bad", bad(), holder="b", quiet=2.2),
        step("good", good(), holder="a", quiet=2.2),
    )),
    "sync group": grouped(steps=FAULT_AND_BACK),
    "sync group, notify scripts": grouped(*(f'notify_{state} "DIR/note group {state}"'
                                            for state in ("master", "backup", "fault", "stop")), steps=FAULT_AND_BACK),
    "sync group, a member's address removed": grouped(steps=(
        *FAULT_AND_BACK[:2],
        step("it is removed", ip("a", "addr del 10.1.0.100/32 dev eth1"), holder="a", until=told("a", "GROUP G1 MASTER")),
    )),
    "sync group, tracked script": grouped(block("track_script", "CHECK"), steps=TRACKED),
    "sync group, tracked script with a weight": grouped(WEIGHED, steps=TRACKED),
    "sync group, a member's script": grouped(one=(block("track_script", "CHECK"),), steps=TRACKED),
    "sync group, a member's script with a weight": grouped(one=(WEIGHED,), steps=(
        *FAULT_AND_BACK[:2],
        step("bad", bad(), holder="a", quiet=2.2),
    )),
    **{f"sync group, {word}": grouped(word, one=(WEIGHED,), two=(WEIGHED,), steps=TRACKED)
       for word in ("sync_group_tracking_weight", "global_tracking")},
    "sync group, sync_group_tracking_weight, one member": grouped("sync_group_tracking_weight", one=(WEIGHED,), steps=(
        *FAULT_AND_BACK[:2],
        step("bad", bad(), holder="a", quiet=2.5),
        step("good", good(), holder="a", quiet=2.2),
    )),
    "sync group, a member nopreempt": grouped(one=("nopreempt",), steps=(
        *FAULT_AND_BACK[:2],
        step("stop a", stop("a"), holder="b"),
        step("a returns", start("a"), holder="b", quiet=2.5),
    )),
    "sync group, the master killed": grouped(steps=(
        *FAULT_AND_BACK[:2],
        step("kill a", kill("a"), holder="b", until=told("b", "GROUP G1 MASTER")),
        step("a returns", start("a"), holder="a", until=told("a", "GROUP G1 MASTER")),
    )),
    "sync group of VMACs": grouped(one=("use_vmac",), two=("use_vmac",), steps=FAULT_AND_BACK[:5]),
    "sync group of IPv4 and IPv6": Case(*("\n".join([
        head(), block("vrrp_sync_group G1", block("group", "VI_1", "VI_6"), 'notify "DIR/note"'), instance(priority=priority),
        instance(name="VI_6", vrid=52, vips=("fe80::100", "fd00::100"), priority=priority), ""]) for priority in (150, 100)), (
        *FAULT_AND_BACK[:2],
        step("stop a", stop("a"), holder="b"),
        step("a returns", start("a"), holder="a", until=told("a", "GROUP G1 MASTER")),
        step("stop b", stop("b"), holder="a"),
    ), ipv6=True),
    "sync group, priority changes told": grouped("notify_priority_changes", block("track_script", "CHECK weight -20"), steps=(
        *FAULT_AND_BACK[:2],
        step("bad", bad(), holder="a", quiet=2.2),
        step("good", good(), holder="a", quiet=2.2),
    )),
    "sync group, reload without it": Case(*group(), (
        *FAULT_AND_BACK[:2],
        step("reload a", reload("a", both()[0]), quiet=2.5),
    ), interfaces=("eth0", "eth1")),
    "sync group, other priorities": Case(group(two=("priority 90",))[0], group(two=("priority 120",))[1], FAULT_AND_BACK[:2],
                                         interfaces=("eth0", "eth1")),
    "sync group of one": grouped(members=("VI_1",), steps=FAULT_AND_BACK[:2]),
}
