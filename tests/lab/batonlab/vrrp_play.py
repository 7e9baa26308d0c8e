"""Plays VRRP differential cases, many at a time: each takes seconds, nearly all of them waiting."""
import os
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

from . import vrrp_cases
from .vrrp_world import DEADLINE, PAUSE, World

#: Worlds at a time; each takes a hundredth of a processor, of user-mode Linux more.
CROWD = int(os.environ.get("BATONLAB_CROWD", "80"))


def play(name, kinds, case=None):
    """The facts of a case with these two kinds of daemons: a trace of each step, and the logs.  `case` is one that is not among
    the others."""
    facts = {"name": name, "kinds": kinds, "steps": [], "logs": {}}
    case, began = case or vrrp_cases.CASES[name], time.monotonic()
    world = None
    try:
        world = World(case, kinds)
        for step in case.steps:
            facts["steps"].append(_play_step(world, step))
    except Exception:  # pylint: disable=broad-except - whatever it was, it is the finding
        facts["broken"] = traceback.format_exc()
    if world:
        facts["logs"] = world.logs()
        world.close()
    facts["seconds"] = time.monotonic() - began
    return facts


def play_all(jobs, crowd=CROWD):
    """{(case, kinds): facts}; the longest begin first."""
    if os.geteuid() == 0:  # what else the machine does shall not delay adverts
        os.setpriority(os.PRIO_PROCESS, 0, min(-10, os.getpriority(os.PRIO_PROCESS, 0)))
    jobs = sorted(jobs, key=lambda job: -_length(vrrp_cases.CASES[job[0]]))
    with ThreadPoolExecutor(crowd) as pool:
        return dict(zip(jobs, pool.map(lambda job: play(*job), jobs)))


def _length(case):
    return sum(step.quiet + 2 for step in case.steps)


def _play_step(world, step):
    world.begin()
    began = time.monotonic()
    for act in step.acts:
        act(world)
    problem = _settle(world, step)
    return {"step": step.name, "problem": problem, "seconds": round(time.monotonic() - began, 1), "trace": world.trace()}


def _settle(world, step):
    """Waits for what the step brings about, and then until nothing new comes; what was missing, '' for nothing."""
    start = changed = time.monotonic()
    seen = None
    while True:
        time.sleep(PAUSE)
        world.look()
        holders = world.holders()
        # asked for first: what makes it true is then among what is new
        done = holders == step.holder and (step.until is None or step.until(world))
        now, shown = time.monotonic(), world.activity(holders)
        if shown != seen:
            seen, changed = shown, now
        if done and now - changed >= step.quiet:
            return ""
        if now - start > DEADLINE and (not done or now - start > 2 * DEADLINE):
            return f"held by {holders or 'nobody'} after {DEADLINE:.0f} s" if not done else "it never ends"
