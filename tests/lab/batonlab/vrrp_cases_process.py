"""VRRP differential cases of tracked processes.

They are not among the others: keepalived hears of processes from the kernel alone, which tells nothing in a network namespace;
it needs the preloaded library (process_connector.c) in the lab.
"""
import os
import signal
import subprocess

from .differential_steps import FOLDER
from .differential_text import block
from .vrrp_steps import Case, reload, start, step, stop, told
from .vrrp_text import STORY, case, head, instance

#: Seconds after which a process that was left behind ends by itself.
LIFE = "120"


def begin(name, *words):
    """A process of this director whose command line is DIR/work and the words."""
    def act(world):
        argv = [world.path(name, "") + "work", *(words or (LIFE,))]
        world.workers = getattr(world, "workers", [])
        world.workers.append(subprocess.Popen(argv, executable="/bin/sleep", stdin=subprocess.DEVNULL))
    return act


def end(world):
    """The last process that was begun; it is not waited for at once: a zombie does not count."""
    worker = world.workers.pop()
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()


def process(*lines, command=f"{FOLDER}work {LIFE}"):
    return block("vrrp_track_process WORK", f"process {command}", *lines)


def tracked(*lines, member="WORK", command=f"{FOLDER}work {LIFE}", **words):
    return {"before": (process(*lines, command=command),), "a": (block("track_process", member),), **words}


def ended(holder="b", **words):
    return step("it ends", end, holder=holder, quiet=2.2, **words)


def begun(holder="a", **words):
    return step("it begins", begin("a"), holder=holder, quiet=2.2, **words)


#: There is one from the beginning.
RUNS = (step("start a", begin("a"), start("a")), step("start b", start("b")))
END = (step("stop a", stop("a"), end, holder="b"),)
GROUP = tuple("\n".join([head(), process(), block("vrrp_sync_group G1", block("group", "VI_1", "VI_2"), 'notify "DIR/note"',
                                                 *lines),
                         instance(priority=priority),
                         instance(name="VI_2", vrid=52, interface="eth1", vips=("10.1.0.100",), priority=priority), ""])
              for priority, lines in ((150, (block("track_process", "WORK"),)), (100, ())))

CASES = {
    "process without weight": case(**tracked(), steps=(*RUNS, ended(until=told("a", "FAULT")), begun(), *END)),
    "process without weight, none at the start": case(**tracked(), steps=(
        step("start a", start("a"), holder=""),
        step("start b", start("b"), holder="b"),
        begun(),
        *END,
    )),
    "process with a negative weight": case(**tracked("weight -60"), steps=(*RUNS, ended(), begun(), *END)),
    "process with a small negative weight": case(**tracked("weight -20"), steps=(*RUNS, ended("a"), begun(), *END)),
    "process with a positive weight": case(**tracked("weight 20", priorities=(90, 100)), steps=(*RUNS, ended(), begun(), *END)),
    "process, weight of the instance": case(**tracked("weight -20", member="WORK weight -70"), steps=(
        *RUNS, ended(), begun(), *END)),
    "process, reverse": case(**tracked("weight -60 reverse", priorities=(90, 100)), steps=(
        step("start a", begin("a"), start("a")),
        step("start b", start("b"), holder="b"),
        ended("a"),
        begun("b"),
        *END,
    )),
    "process, two are enough": case(**tracked("quorum 2", "weight -60"), steps=(
        step("start a", begin("a"), begin("a"), start("a")),
        step("start b", start("b")),
        ended(),
        begun(),
        step("a third", begin("a"), quiet=2.2),
        step("two", end, quiet=2.2),
        step("stop a", stop("a"), end, end, holder="b"),
    )),
    "process, none may run": case(**tracked("quorum_max 0", "weight -60"), steps=(
        *STORY[:2],
        step("it begins", begin("a"), holder="b", quiet=2.2),
        step("it ends", end, holder="a", quiet=2.2),
        step("stop a", stop("a"), holder="b"),
    )),
    "process, one may run": case(**tracked("quorum_max 1", "weight -60"), steps=(
        *RUNS,
        step("two", begin("a"), holder="b", quiet=2.2),
        step("one", end, holder="a", quiet=2.2),
        *END,
    )),
    "process, terminate_delay": case(**tracked("terminate_delay 5", "weight -60"), steps=(
        *RUNS,
        step("it is replaced within the delay", end, begin("a"), quiet=6.5),
        ended(),
        step("stop a", stop("a"), holder="b"),
    )),
    "process of other parameters": case(**tracked("weight -60"), steps=(
        *STORY[:1],
        step("another one", begin("a", "119"), quiet=2.2),
        step("start b", start("b"), holder="b"),
        begun(),
        step("stop a", stop("a"), end, end, holder="b"),
    )),
    "process, param_match initial": case(**tracked("param_match initial", "weight -60", command=f"{FOLDER}work 12"), steps=(
        *RUNS, ended(), begun(), *END)),
    "process, full_command": case(**tracked("full_command", "weight -60", command=f"{FOLDER}work"), steps=(
        *RUNS, ended(), begun(), *END)),
    "process of the group": Case(*GROUP, (
        *RUNS,
        ended(until=told("a", "GROUP G1 FAULT")),
        begun(until=told("a", "GROUP G1 MASTER")),
        *END,
    ), interfaces=("eth0", "eth1")),
    "process, reload": case(**tracked("weight -60"), steps=(
        *RUNS,
        ended(),
        step("reload", lambda world: reload("a", world.case.a)(world), holder="b", quiet=2.5),
        begun(),
        step("reload again", lambda world: reload("a", world.case.a)(world), quiet=2.5),
        *END,
    )),
}
