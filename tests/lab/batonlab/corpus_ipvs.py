"""Strangers' configurations as IPVS tables: what batond puts into the kernel beside what keepalived 2.2.7 put there.

The folder is the one of corpus.py; keepalived's tables are its oracle/NNN.ipvs, printed by `ipvsadm -Sn`.

  python3 -m batonlab.corpus_ipvs [NNN...]          what differs, file by file, with Baton's log
"""
import argparse
import difflib
import json
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

from . import corpus, furnished, uml
from .director import ROOT
from .ipvs_netlink import Table
from .netns import LabError, run, setns

DEVIATIONS = os.path.join(corpus.DATA, "corpus_ipvs_deviations.tsv")
#: Machines at a time; daemons at a time in each; seconds: for a machine, for a table to be as it is wanted, for one that
#: is not to change once more.
MACHINES, CROWD, LIMIT, DEADLINE, QUIET = 2, 5, 500, 30.0, 4.0
COMMAND = (f"timeout -s KILL {DEADLINE + 5:.0f} {furnished.PROGRAM} -n -l -D -f {furnished.CONFIGURATION} "
           "-p /corpus/pid -r /corpus/vrrp.pid -c /corpus/checkers.pid")


def files(numbers=()):
    """The files on which keepalived's daemon starts, and that ask for virtual servers."""
    return [file for file in corpus.files(numbers) if file.starts and b"virtual_server" in _whole(file)]


def _whole(file):
    text = file.text()
    for folder, _, names in os.walk(file.machine("furnished").tree or "/nonexistent"):
        for name in names:
            with open(os.path.join(folder, name), "rb") as part:
                text += part.read()
    return text


def wanted(file):
    """keepalived's table, sorted."""
    path = os.path.join(corpus.FOLDER, "oracle", file.number + ".ipvs")
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as table:
        return sorted(line.rstrip() for line in table if line.strip())


def tables(all_files):
    """{number: {"table": lines, "said": log}} of batond on each file.

    First with no route to the real servers, so that their checks fail at once, as they did for keepalived; where the table
    is another one, once more with real servers that never answer, so that it can be seen before its checks have failed.
    """
    found = _tables(all_files, False)
    others = [file for file in all_files if difference(file, found[file.number])]
    return {**found, **_tables(others, True)} if others else found


def _tables(all_files, nowhere):
    machines = min(MACHINES, len(all_files))
    with tempfile.TemporaryDirectory(prefix="batonlab-corpus.") as folder, ThreadPoolExecutor(machines) as pool:
        found = {}
        for part in pool.map(lambda at: _boot(os.path.join(folder, str(at)), all_files[at::machines], nowhere),
                             range(machines)):
            found.update(part)
        return found


def _boot(folder, some, nowhere):
    os.mkdir(folder)
    with open(os.path.join(folder, "console"), "w+", encoding="utf-8", errors="replace") as console:
        environment = {name: os.environ[name] for name in ("BATOND", "CORPUS") if name in os.environ}
        options = ["--inside", "/run/work", *(["--nowhere"] if nowhere else []), *(file.number for file in some)]
        code = uml.run(["/usr/bin/python3", "-m", "batonlab.corpus_ipvs", *options], folder,
                       os.path.join(ROOT, "tests", "lab"), LIMIT, environment=environment, output=console)
        console.seek(0)
        if code != 0:
            raise LabError(f"user-mode Linux ended with {code}: {console.read()[-4000:]}")
    with open(os.path.join(folder, "tables.json"), encoding="utf-8") as result:
        return json.load(result)


def difference(file, found):
    """What differs, as text; '' when nothing does."""
    return "\n".join(difflib.unified_diff(wanted(file), found["table"], "keepalived", "Baton", lineterm="", n=0))


def known_deviations():
    """{number: (reason, row of docs/compatibility.md or '')}."""
    return {row["id"]: (row["reason"], row["row"]) for row in corpus.rows(DEVIATIONS)}


#: Whatever is sent gets lost, so that no check fails at once.
NOWHERE = """\
link add nowhere0 type dummy
link set nowhere0 up
addr add 198.51.100.1/32 dev nowhere0
route add default dev nowhere0
addr add 2001:db8:ffff::1/128 dev nowhere0 nodad
route add ::/0 dev nowhere0
"""


class _Watch:
    """Runs batond on a file in a namespace of its own until its table is the wanted one or will not be."""

    def __init__(self, file, room, nowhere):
        self.nowhere = nowhere
        self.links = furnished.Links(file.links)
        self.file, self.room = file, os.path.join(room, file.number)
        os.mkdir(self.room)
        self.outcomes, self.table, self.entered = [], [], threading.Event()
        self.problem = ""

    def play(self):
        runner = threading.Thread(target=self._safely, args=(self._run,))
        # a thread of its own enters the namespace, and no other thread of this process does
        watcher = threading.Thread(target=self._safely, args=(self._watch,))
        watcher.start()
        self.entered.wait()
        runner.start()
        watcher.join()
        self._end()
        runner.join()
        self.links.close()
        said = self.outcomes[0].said if self.outcomes else "it could not be started\n"
        return {"table": self.table, "said": said + self.problem}

    def _run(self):
        self.outcomes = furnished.run(self.room, corpus.BATOND, self.file.machine("furnished"), self.links,
                                      self.file.text(), [COMMAND])

    def _safely(self, function):
        try:
            function()
        except Exception:  # pylint: disable=broad-except - shown with what the program said
            self.problem += traceback.format_exc()
        finally:
            self.entered.set()

    def _watch(self):
        with open(self.links.path, "rb") as namespace:
            setns(namespace.fileno())
        if self.nowhere:
            run("ip", "-batch", "-", stdin=NOWHERE)
        self.entered.set()
        table, start = Table(), time.monotonic()
        last, since, right = None, start, wanted(self.file)
        while time.monotonic() < start + DEADLINE:
            lines = table.lines()
            if lines != last:
                last, since = lines, time.monotonic()
                self.table = sorted(line.rstrip() for line in run("ipvsadm", "-Sn").splitlines())
                if right and self.table == right:
                    return
            if last and time.monotonic() > since + QUIET:
                return
            time.sleep(0.1)

    def _end(self):
        """TERM to the daemon: the first process of the namespace that is one."""
        own = os.stat(self.links.path).st_ino
        for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
            try:
                with open(f"/proc/{pid}/comm", encoding="ascii") as comm:
                    if comm.read().startswith("batond") and os.stat(f"/proc/{pid}/ns/net").st_ino == own:
                        os.kill(pid, signal.SIGTERM)
                        return
            except OSError:
                pass  # it has ended


def inside(folder, numbers, nowhere):
    """In user-mode Linux: plays the files, several side by side."""
    os.makedirs("/dev/shm", exist_ok=True)
    run("modprobe", "dummy", check=False)
    run("mount", "-t", "tmpfs", "tmpfs", "/dev/shm")
    some = files(numbers)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as room, ThreadPoolExecutor(CROWD) as pool:
        found = dict(zip((file.number for file in some), pool.map(lambda file: _Watch(file, room, nowhere).play(), some)))
    with open(os.path.join(folder, "tables.json"), "w", encoding="utf-8") as result:
        json.dump(found, result)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inside", metavar="FOLDER", help=argparse.SUPPRESS)
    parser.add_argument("--nowhere", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--logs", action="store_true", help="show Baton's log of what differs")
    parser.add_argument("number", nargs="*", help="only these files, as 042")
    options = parser.parse_args()
    if options.inside:
        inside(options.inside, options.number, options.nowhere)
        return 0
    began, some = time.monotonic(), files(options.number)
    found, differing = tables(some), 0
    for file in some:
        text = difference(file, found[file.number])
        if text:
            differing += 1
            print(f"=== {file.name}\n{text}")
            if options.logs:
                print(found[file.number]["said"])
    print(f"{len(some)} files, {differing} differ, {time.monotonic() - began:.0f} s")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
