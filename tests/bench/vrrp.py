#!/usr/bin/env python3
"""What many VRRP instances cost, and how soon all of them take over, side by side in one run: Baton and keepalived.

    tests/bench/vrrp.py [--batond build/release/batond] [--kinds baton keepalived] [--instances 1 250] [--interfaces 1]
                        [--advert 1 0.1] [--version 2] [--seconds 10] [--rounds 3] [--stalled-log] [--out FILE]

Needs root, keepalived and g++.  Two directors of a kind (priorities 200 and 100, one address each instance) share a switch.
Figures are printed, never asserted:

  start       seconds from exec until all advertise; the protocol alone takes `floor`
  cpu         microseconds of processor time per advert sent (all processes of the master), and per advert received (of the backup)
  ratio       of the former to a bare loop that sends as often, measured right before on the same interface
  rss         KiB of the VRRP process with all instances, and for each but the first
  jitter      deviation of each interval between two adverts, ms: p50, p99, max; `timer` is a bare timer's lateness beside it
  take-over   ms from each instance's own floor (last advert + master down interval) to its first gratuitous ARP, after KILL of
              every process of the master: p50, p99, max, over all rounds; and how many of the instances did
--stalled-log has the reader of the backup's system log stopped before the master is killed.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lab"))
sys.dont_write_bytecode = True

from batonlab import director, wire  # noqa: E402  pylint: disable=wrong-import-position
from batonlab.netns import Netns, Switch  # noqa: E402  pylint: disable=wrong-import-position

PRIORITIES = {"d1": 200, "d2": 100}
KEEPALIVED = "keepalived -n -D {} -f {{conf}} -p {{pid}} -r {{vrrp}} -c {{checkers}}"
#: A /dev of its own for what follows, with a system log that one process reads.
WITH_LOG = """mount -t tmpfs none /mnt; for node in null zero urandom random; do cp -a /dev/$node /mnt/; done; mount --bind /mnt /dev
python3 -c 'import os, socket
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); log.bind("/dev/log")
open("LOG.reader", "w").write(str(os.getpid()))
while True: log.recv(8192)' >/dev/null 2>&1 &
for i in $(seq 100); do [ -s LOG.reader ] && break; sleep 0.05; done
exec """


def configuration(options, count, advert, priority):
    lines = [f"global_defs {{\n router_id bench\n vrrp_version {options.version}\n vrrp_garp_master_refresh 0\n}}\n"]
    for i in range(count * options.interfaces):
        interface, vrid = divmod(i, count)
        lines.append(f"vrrp_instance I{i} {{\n state BACKUP\n interface eth{interface}\n virtual_router_id {vrid + 1}\n"
                     f" priority {priority}\n advert_int {advert:g}\n virtual_ipaddress {{\n"
                     f"  10.{77 + interface}.0.{vrid + 1}/32\n }}\n}}\n")
    return "".join(lines)


def processor_seconds(pids):
    total = 0
    for pid in pids:
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as file:
                    total += int(file.read().split()[0])
        except OSError:
            pass  # it has ended
    return total / 1e9


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


def spread(values, scale=1e3):
    """(p50, p99, max) in ms."""
    ordered = sorted(values)
    if not ordered:
        return [None] * 3
    return [round(ordered[min(len(ordered) - 1, int(part * len(ordered)))] * scale, 3) for part in (0.5, 0.99, 1)]


class Bench:
    """Two directors of a kind and the switch between them, one bridge for each interface."""

    def __init__(self, options, kind, folder):
        self.options, self.kind, self.folder = options, kind, folder
        bridges = [f"br{i}" for i in range(options.interfaces)]
        self.switch = Switch("bvsw", bridges)
        self.spaces = {name: Netns("bv" + name) for name in PRIORITIES}
        ports = []
        for number, (name, space) in enumerate(self.spaces.items(), 1):
            for i, bridge in enumerate(bridges):
                ports.append(self.switch.plug(name, space, f"eth{i}", f"02:00:00:00:{i:02x}:{number:02x}",
                                              f"addr add 10.{i}.0.{number}/24 dev eth{i}", bridge=bridge))
        self.capture = wire.Capture(self.switch.ns, ports)
        self.directors = {name: director.Director(name, space, self.command(name), folder) for name, space in self.spaces.items()}

    def command(self, name):
        stalled = self.options.stalled_log
        log = os.path.join(self.folder, name)
        if self.kind == "baton":
            words = f"{self.options.batond} -n -D {'' if stalled else '-l'}" + director.FILES
        else:
            words = KEEPALIVED.format("" if stalled else "-l -G")
        if not stalled:
            return words
        script = os.path.join(self.folder, f"{name}.sh")
        with open(script, "w", encoding="ascii") as file:
            file.write(WITH_LOG.replace("LOG", log) + '"$@"')
        return f"unshare -m --propagation private bash {script} {words}"

    def floor(self, count, advert):
        """Microseconds of a bare sender per packet."""
        return float(self.spaces["d1"].run(os.path.join(self.folder, "bare_sender"), str(count), str(advert), "3", "eth0"))

    def adverts(self, name, since):
        """[(instance, time)] of the adverts of a director, those of priority 0 left out."""
        return [(_instance(frame), frame.time) for frame in self.capture.frames(since=since)
                if frame.port.startswith(name) and wire.is_advert(frame) and wire.advert_priority(frame)]

    def start(self, name, count, advert):
        one = self.directors[name]
        one.write(configuration(self.options, count, advert, PRIORITIES[name]))
        since = time.time()
        one.start()
        return since

    def until_all(self, name, wanted, since, seconds):
        """Waits until all instances of a director have advertised; {instance: first advert}."""
        first = {}

        def seen():
            for instance, when in self.adverts(name, since):
                first.setdefault(instance, when)
            return len(first) >= wanted
        director.wait_until(seen, seconds, 0.1)
        return first

    def close(self):
        self.capture.close()
        for one in self.directors.values():
            one.stop()
        for space in self.spaces.values():
            space.close()
        self.switch.close()


def _instance(frame):
    header = 14 + (frame.data[14] & 15) * 4
    return int(frame.port.rpartition("eth")[2]), frame.data[header + 1]


def _announced(frame):
    """The instance whose address a gratuitous ARP is about."""
    return int(frame.port.rpartition("eth")[2]), frame.data[31]


def lateness(seconds, period, found):
    """A bare timer beside the daemons: what the machine itself is late by."""
    due, end = time.monotonic() + period, time.monotonic() + seconds
    while due < end:
        time.sleep(max(0.0, due - time.monotonic()))
        found.append(time.monotonic() - due)
        due += period


def steady(bench, count, advert):
    """Cost and jitter of a master with its backup."""
    seconds, trees = bench.options.seconds, {name: director.process_tree(one.process.pid) for name, one in bench.directors.items()}
    timer, since = [], time.time()
    before = {name: processor_seconds(tree) for name, tree in trees.items()}
    beside = threading.Thread(target=lateness, args=(seconds, min(advert, 0.1), timer))
    beside.start()
    beside.join()
    spent = {name: processor_seconds(tree) - before[name] for name, tree in trees.items()}
    sent = bench.adverts("d1", since)
    last, deviations = {}, []
    for instance, when in sent:
        if instance in last:
            deviations.append(abs(when - last[instance] - advert))
        last[instance] = when
    return {"sent": len(sent), "wanted": round(count * seconds / advert), "false take-overs": len(bench.adverts("d2", since)),
            "cpu": round(spent["d1"] / len(sent) * 1e6, 1), "cpu received": round(spent["d2"] / len(sent) * 1e6, 1),
            "jitter": spread(deviations), "timer": spread(timer)}


def take_over(bench, count, advert):
    """Lateness of each instance's first gratuitous ARP, seconds, after KILL of the master."""
    if bench.options.stalled_log:
        with open(os.path.join(bench.folder, "d2.reader"), encoding="ascii") as file:
            os.kill(int(file.read()), signal.SIGSTOP)
    began = time.time()
    killed = bench.directors["d1"].kill_all()
    time.sleep(4 * advert + 2)
    last = dict(bench.adverts("d1", began - 2 * advert))
    first = {}
    for frame in bench.capture.frames(since=killed):
        if frame.port.startswith("d2") and wire.is_gratuitous_arp(frame):
            first.setdefault(_announced(frame), frame.time)
    down = 3 * advert + (256 - PRIORITIES["d2"]) / 256 * (1 if bench.options.version == 2 else advert)
    if len(last) != count:
        raise SystemExit(f"{len(last)} of {count} instances advertised before the kill: {bench.directors['d1'].log()[-2000:]}")
    return [first[instance] - last[instance] - down for instance in last if instance in first]


def measure(options, kind, count, advert):
    """The figures of one kind of daemon."""
    wanted = count * options.interfaces
    found = {"kind": kind, "instances": wanted, "advert": advert, "version": options.version}
    late, taken, rss = [], 0, []
    for turn in range(options.rounds):
        folder = tempfile.mkdtemp(prefix="batonbench.")
        shutil.copy(options.work / "bare_sender", folder)
        bench = Bench(options, kind, folder)
        try:
            if turn == 0:
                found["floor cpu"] = bench.floor(wanted, advert)
            since = bench.start("d1", count, advert)
            first = bench.until_all("d1", wanted, since, 20 + 5 * advert)
            found.setdefault("start", round(max(first.values()) - since, 3))
            bench.start("d2", count, advert)
            time.sleep(2 + 4 * advert)
            rss.append(resident(bench.directors["d1"].pid_of("vrrp")))
            if turn == 0:
                found.update(steady(bench, wanted, advert))
            late += take_over(bench, wanted, advert)
            taken += wanted
        finally:
            bench.close()
            shutil.rmtree(folder, ignore_errors=True)
    found["floor"] = round(3 * advert + (56 / 256) * (1 if options.version == 2 else advert), 3)
    found["ratio"] = round(found["cpu"] / found["floor cpu"], 2)
    found["rss"] = round(statistics.median(rss))
    found["take-over"], found["taken over"] = spread(late), f"{len(late)} of {taken}"
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batond", default=str(ROOT / "build" / "release" / "batond"))
    parser.add_argument("--kinds", nargs="+", default=["baton", "keepalived"], choices=["baton", "keepalived"])
    parser.add_argument("--instances", nargs="+", type=int, default=[1, 250], help="on each interface, at most 254")
    parser.add_argument("--interfaces", type=int, default=1)
    parser.add_argument("--advert", nargs="+", type=float, default=[1, 0.1], help="seconds")
    parser.add_argument("--version", type=int, default=None, choices=[2, 3], help="default: 2, 3 for fractions of a second")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--stalled-log", action="store_true")
    parser.add_argument("--out")
    options = parser.parse_args()
    asked, results = options.version, []
    with tempfile.TemporaryDirectory(prefix="batonbench.") as work:
        options.work = pathlib.Path(work)
        subprocess.run(["g++", "-std=c++20", "-O2", "-Wall", "-o", options.work / "bare_sender",
                        ROOT / "tests" / "bench" / "bare_sender.cpp"], check=True)
        for count in options.instances:
            for advert in options.advert:
                options.version = asked or (2 if advert == int(advert) else 3)
                for kind in options.kinds:
                    results.append(measure(options, kind, count, advert))
                    print(json.dumps(results[-1]), flush=True)
    if options.out:
        pathlib.Path(options.out).write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
