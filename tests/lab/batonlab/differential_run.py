"""Plays differential cases where there is IPVS: two daemons on the same file, each with a world of its own.

Run (in user-mode Linux): python3 -m batonlab.differential_run FOLDER REFERENCE CANDIDATE CASE...
Writes FOLDER/NUMBER.json for each case: its name and what both showed after each step.
"""
import asyncio
import copy
import itertools
import json
import os
import subprocess
import sys
import time
import traceback

from . import differential_cases, differential_merge
from .differential_steps import END, FOLDER, NOTHING, Step, put
from .director import Director
from .ipvs_netlink import Table
from .netns import Netns, run

#: Cases that are played at a time.
CROWD = 5
#: Seconds.  DEADLINE: for both to show the same.  SETTLE: for which they then go on showing it; after the start until
#: each check has had its first result.  STILL: for which nothing may change.  TOLD: what is told of it lags no longer.
DEADLINE, SETTLE, SETTLE_START, STILL, TOLD = 15.0, 0.8, 2.2, 2.5, 4.0
PAUSE = 0.1
ADDRESSES = [f"addr add 10.1.0.{n}/32 dev lo" for n in range(1, 7)] + [f"addr add fd01::{n}/128 dev lo" for n in (1, 2, 3)]
#: Behind dummy0 nobody answers, and nobody says so.
LINKS = ["link add dummy0 type dummy", "link set dummy0 up", "addr add 10.8.0.1/24 dev dummy0",
         "neigh add 10.8.0.9 lladdr 02:00:00:00:00:09 dev dummy0"]


class World:
    """A namespace as every daemon finds it at its start; making one takes long, so that many use it, one after another."""

    serial = itertools.count()

    def __init__(self):
        self.space = Netns(f"bd{next(self.serial)}")
        for name in ("all", "default", "lo"):
            self.space.sysctl(f"net.ipv6.conf.{name}.disable_ipv6", 0)
        self.space.ip(*ADDRESSES, *LINKS)
        with self.space.inside():
            self.table = Table()

    def clear(self):
        if self.table.lines():
            self.space.run("ipvsadm", "-C")


class Side:
    """One daemon with its namespace, its folder, its real servers, and what can be seen of it."""

    def __init__(self, name, kind, case, folder, world):
        self.folder, self.space, self.table = folder, world.space, world.table
        os.makedirs(folder)
        os.mkfifo(self.path("fifo"))
        self.servers = copy.deepcopy(case.servers)
        for file, text in {"note": '#!/bin/sh\necho "$*" >>DIR/notes\n', **case.files}.items():
            self.write(file, text)
        self.director = Director(name, self.space, kind, folder)
        self.configure(case.configuration)
        self.told, self.read_notes, self.printed = [], 0, ([], [])
        self.fifo = os.open(self.path("fifo"), os.O_RDWR | os.O_NONBLOCK)
        self.seen, self.since, self.changed = None, 0.0, False

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        put(self.path(name), text, self.folder)

    def configure(self, text):
        self.director.write(text.replace(FOLDER, self.folder + "/"))

    def begin(self):
        """A step begins: what scripts and the FIFO tell from now on is its own."""
        self.look()
        self.told, self.changed = [], False
        self.read_notes = self._notes_size()
        self.seen, self.since = self._show(), time.monotonic()

    def look(self):
        """Looks once more."""
        try:
            self.told += os.read(self.fifo, 1 << 16).decode("utf-8", "replace").splitlines()
        except BlockingIOError:
            pass
        now = self._show()
        if now != self.seen:
            self.seen, self.since, self.changed = now, time.monotonic(), True

    def quiet(self):
        """Seconds since something changed."""
        return time.monotonic() - self.since

    def _notes_size(self):
        return os.path.getsize(self.path("notes")) if os.path.exists(self.path("notes")) else 0

    def _show(self):
        return {"table": self.table.lines(), "scripts": self._scripts(), "fifo": list(self.told)}

    def _scripts(self):
        """What scripts have written in this step; they run side by side, so their order tells nothing."""
        if not os.path.exists(self.path("notes")):
            return []
        with open(self.path("notes"), encoding="utf-8", errors="replace") as file:
            file.seek(self.read_notes)
            return sorted(line.rstrip("\n") for line in file)

    async def ipvsadm(self):
        """What `ipvsadm -Sn` prints, sorted; asked for only where the table has changed, for a process takes long."""
        if self.printed[0] == self.seen["table"]:
            return self.printed[1]
        path = self.path("ipvsadm")
        with open(path, "w", encoding="utf-8") as output:
            process = self.space.popen(["ipvsadm", "-Sn"], stdout=output, stderr=subprocess.STDOUT)
        while process.poll() is None:
            await asyncio.sleep(0.01)
        with open(path, encoding="utf-8") as output:
            self.printed = self.seen["table"], sorted(line.rstrip() for line in output)
        return self.printed[1]

    def ended(self):
        return self.director.process.poll() is not None

    async def start(self):
        self.director.start()

    start.starts_checks = True

    async def stop(self):
        """TERM; waits for its end."""
        self.director.process.terminate()
        for _ in range(int(DEADLINE / PAUSE)):
            if self.ended():
                break
            await asyncio.sleep(PAUSE)
        else:
            self.told.append("it does not end")

    async def close(self):
        if self.director.process is not None and not self.ended():
            self.director.kill_all()
        for server in self.servers.values():
            await server.down(self.space)
        os.close(self.fifo)


def equal(one, other, ordered):
    """(whether the tables are the same, whether what was told is)."""
    order = (lambda lines: lines) if ordered else sorted
    told = one["scripts"] == other["scripts"] and order(one["fifo"]) == order(other["fifo"])
    return one["table"] == other["table"], told


async def settle(sides, step, ordered, settled):
    """Waits for the end of a step; returns what was wrong, '' for nothing."""
    start = time.monotonic()
    reference, candidate = sides
    while True:
        await asyncio.sleep(PAUSE)
        for side in sides:
            side.look()
        same_table, same_told = equal(reference.seen, candidate.seen, ordered)
        quiet, past = min(side.quiet() for side in sides), time.monotonic() - start
        if step.waits == END and same_table and quiet >= settled and all(side.ended() for side in sides):
            return ""
        if step.waits == NOTHING:
            if past >= STILL or reference.changed:
                return "the reference changed" if reference.changed else ""
            continue
        if reference.changed and same_table and quiet >= (settled if same_told else settled + TOLD):
            return ""
        if past > DEADLINE:
            return "" if reference.changed or step.waits == END else "nothing changed"


async def play(name, case, kinds, folder, worlds):
    """Plays a case in two worlds; the facts are a dictionary fit for JSON."""
    facts = {"name": name, "steps": []}
    sides = []
    try:
        for letter, kind, world in zip("ab", kinds, worlds):
            sides.append(Side(letter, kind, case, folder + letter, world))
        for server in case.servers.keys() - set(case.later):
            for side in sides:
                await side.servers[server].up(side.space)
        steps = [Step("start", (Side.start,)), *case.steps, Step("stop", (Side.stop,), END)]
        for step in steps:
            if not await play_step(step, case, sides, facts["steps"]):
                break
    except Exception:  # pylint: disable=broad-except - whatever it was, it is the finding
        facts["broken"] = traceback.format_exc()
    facts["logs"] = [side.director.log()[-5000:] for side in sides]
    for side in sides:
        await side.close()
    return facts


async def play_step(step, case, sides, noted):
    """Plays a step, notes what came of it; returns whether the next one makes sense."""
    began = time.monotonic()
    for side in sides:
        side.begin()
    await asyncio.gather(*(do(side, step.acts) for side in sides))
    problem = await settle(sides, step, case.ordered, SETTLE_START if step.starts_checks() else SETTLE)
    traces = []
    for side in sides:
        trace = {**side.seen, "ipvsadm": await side.ipvsadm()}
        traces.append(json.loads(json.dumps(trace).replace(side.folder, "DIR")))
    same_table, same_told = equal(*traces, case.ordered)
    same_table = same_table and traces[0]["ipvsadm"] == traces[1]["ipvsadm"]
    noted.append({"step": step.name, "seconds": round(time.monotonic() - began, 1), "problem": problem,
                  "same table": same_table, "same told": same_told, "traces": traces})
    # tables of several cases are told apart afterwards
    return not problem and (same_table or not case.steps)


async def do(side, acts):
    for act in acts:
        await act(side)


async def play_all(folder, kinds, names):
    waiting = list(enumerate(names))

    async def one(worlds):
        while waiting:
            number, name = waiting.pop(0)
            case = differential_merge.case_of(name)
            worlds = worlds or (World(), World())
            facts = await play(name, case, kinds, f"/run/tmp/cases/{number}", worlds)
            for world in worlds:
                world.clear()
            worlds = None if case.own_world else worlds
            with open(os.path.join(folder, f"{number}.json.new"), "w", encoding="utf-8") as file:
                json.dump(facts, file)
            os.rename(file.name, os.path.join(folder, f"{number}.json"))
    # made before any daemon runs, for it is slow, and nobody answers meanwhile
    await asyncio.gather(*[one(worlds) for worlds in [(World(), World()) for _ in range(CROWD)]])


def main():
    folder, kinds, names = sys.argv[1], sys.argv[2:4], sys.argv[4:]
    for module in differential_cases.MODULES:
        run("modprobe", module, check=False)
    asyncio.run(play_all(folder, kinds, names))


if __name__ == "__main__":
    main()
