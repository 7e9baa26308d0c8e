"""The demonstration that script/demo shows: a cluster that stays up through everything that may happen to it.

Run: python3 -m batonlab.demo [--mode dr|nat|tun] [--peer KIND] [--daemon CMD] [--stay]
Where the kernel has no IPVS it runs itself again inside user-mode Linux.
"""
import argparse
import os
import signal
import sys
import tempfile
import time

from . import ipvs, uml
from .cluster import Cluster
from .director import ROOT, available, command_for, wait_until
from .netns import LabError
from .screen import Screen
from .visit import has_terminal, visit
from .wire import is_advert

PREFIX = "baton-"
LIMIT = 240
INSIDE = "BATON_DEMO_INSIDE"
EXPECTED = {"dr": "direct routing", "nat": "address translation", "tun": "IP-in-IP tunnels"}


class Failed(Exception):
    """Something that the demonstration promises did not happen."""


class Demo:
    """The cluster, the client that asks it all the time, and the acts; each either happens or raises Failed."""

    def __init__(self, screen, cluster):
        self.screen, self.cluster = screen, cluster
        self.client = None
        self.vip = cluster.plan.vip
        self.outages = {}

    def must(self, happened, what):
        """Tells what happened, or ends the demonstration when it did not."""
        if happened is None or happened is False:
            raise Failed(what)
        self.screen.done(what)

    def keepalived(self, name):
        """Whether a director is a keepalived, of which less is asked."""
        return "keepalived" in command_for(self.cluster[name].kind)

    def table(self, name):
        self.screen.quote(f"ipvsadm -Ln on {name}", self.cluster.spaces[name].run("ipvsadm", "-Ln"))

    def in_charge(self, name, seconds, what):
        """Waits until a director holds the VIP, and no other living one does."""
        other = self.cluster["d2" if name == "d1" else "d1"]

        def alone():
            return self.cluster[name].holds(self.vip) and not (other.running() and other.holds(self.vip))
        took = wait_until(alone, seconds)
        self.must(took, what.format(seconds="..." if took is None else f"{took:.2f}"))

    def show_vip(self, name):
        lines = self.cluster.spaces[name].run("ip", "-4", "addr", "show", "dev", "eth0").splitlines()
        self.screen.quote(f"ip addr on {name}", "\n".join(line for line in lines if "inet " in line))

    def turns(self, seconds):
        """Lets the client ask for a while: both servers answer, one after the other."""
        since = time.time()
        time.sleep(seconds)
        pages = self.client.pages(since=since)
        share = {server: pages.count(server) for server in ("rs1", "rs2")}
        same = sum(1 for one, next_one in zip(pages, pages[1:]) if one == next_one)
        self.screen.say("the client reads: " + " ".join(pages[:12]) + " ...")
        self.must(len(pages) >= 10 and min(share.values()) > 0 and same <= len(pages) // 5,
                  f"{len(pages)} requests, answered in turn: rs1 {share['rs1']}, rs2 {share['rs2']}")

    def elect(self):
        self.screen.title("Two directors start; the one with the higher priority becomes master")
        for name in ("d1", "d2"):
            self.cluster[name].start()
        self.in_charge("d1", 8, "d1 is master after {seconds} s and holds the VIP, d2 does not")
        self.show_vip("d1")
        ready = self.cluster.wait_weights("d1", {"rs1": 1, "rs2": 1}, 10)
        self.must(ready, "both real servers are in its IPVS table")
        self.table("d1")

    def share(self):
        self.screen.title(f"A client asks http://{self.vip}:{self.cluster.plan.port}/ all the time, each time anew")
        self.client = self.cluster.client(interval=0.05)
        self.turns(2)

    def lose_server(self):
        self.screen.title("A real server dies (KILL of rs1's web server)")
        since = self.cluster.kill_server("rs1")
        self.must(self.cluster.wait_weights("d1", {"rs2": 1}, 15),
                  f"d1 took rs1 out of its table after {time.time() - since:.2f} s")
        self.table("d1")
        lost = self.client.outage(since=since).lost
        checked = time.time()
        time.sleep(1)
        alone = set(self.client.pages(since=checked)) == {"rs2"}
        self.must(alone, f"rs2 answers alone; until it was noticed {lost} requests failed")
        self.screen.title("It is mended (rs1's web server starts again)")
        since = time.time()
        self.cluster.start_server("rs1")
        back = self.cluster.wait_weights("d1", {"rs1": 1, "rs2": 1}, 15)
        self.must(back, f"d1 took rs1 back after {time.time() - since:.2f} s")
        self.turns(1.5)

    def kill_one_process(self):
        if self.keepalived("d1"):
            return
        self.screen.title("One process of the master dies (KILL of d1's vrrp process)")
        old, since = self.cluster["d1"].pid_of("vrrp"), self.cluster["d1"].kill_role("vrrp")
        again = wait_until(lambda: self.cluster["d1"].pid_of("vrrp") not in (None, old), 3)
        self.must(again, "d1 started it again")
        time.sleep(4)
        self.must(self.cluster["d1"].holds(self.vip), "d1 still holds the VIP")
        spoke = self.cluster.capture.frames("d2-eth0", since=since)
        self.must(not any(map(is_advert, spoke)), "d2 saw no reason to take over")
        lost = self.client.outage(since=since).lost
        self.must(lost == 0, f"of {len(self.client.replies(since=since))} requests since then, {lost} failed")

    def stop_master(self):
        self.screen.title("The master is stopped (TERM to d1)")
        since = time.time()
        code, seconds = self.cluster["d1"].stop()
        self.must(code == 0, f"d1 ended by itself after {seconds:.2f} s")
        self.must(not self.cluster["d1"].holds(self.vip), "d1 took the VIP with it")
        self.must(self.cluster.table("d1") == {}, "d1 took its IPVS services with it")
        self.take_over("TERM", since)

    def kill_master(self):
        self.screen.title("The master dies (KILL of every process of d1 at once)")
        if self.keepalived("d1"):
            self.screen.say("a keepalived that is killed leaves its VIP behind, and so does this one")
        since = self.cluster["d1"].kill_all()
        if not self.keepalived("d1"):
            gone = wait_until(lambda: not self.cluster["d1"].holds(self.vip), 5)
            self.must(gone, f"d1's VIP ran out by itself after {time.time() - since:.2f} s")
            self.must(not self.cluster["d2"].holds(self.vip), "the backup has not taken over yet: never do two hold it")
        self.take_over("KILL", since)

    def take_over(self, how, since):
        self.in_charge("d2", 8, "d2 holds the VIP")
        first = wait_until(lambda: self.cluster.capture.frames("d2-eth0", since=since), 2)
        self.must(first, "d2 tells the network")
        spoke = self.cluster.capture.frames("d2-eth0", since=since)[0].time
        self.screen.say(f"d2 took over {(spoke - since) * 1000:.0f} ms after the {how}")
        self.show_vip("d2")
        self.table("d2")
        time.sleep(1.2)
        outage = self.client.outage(since=since - 0.5)
        self.must(outage.milliseconds is not None, "the client is answered again")
        self.outages[how] = outage.milliseconds
        self.screen.result(f"the client's outage: {outage.milliseconds:.0f} ms ({outage.lost} requests failed)")

    def come_back(self):
        self.screen.title("The old master returns (d1 is started again)")
        since = time.time()
        self.cluster["d1"].start()
        self.in_charge("d1", 8, "d1 is master again after {seconds} s, d2 has handed the VIP over")
        self.must(self.cluster.wait_weights("d1", {"rs1": 1, "rs2": 1}, 10), "its IPVS table is complete")
        time.sleep(1)
        outage = self.client.outage(since=since - 0.5)
        self.must(outage.milliseconds is not None, "the client is answered")
        self.screen.say(f"the return cost the client {outage.lost} requests ({outage.milliseconds:.0f} ms)")

    def play(self):
        for act in (self.elect, self.share, self.lose_server, self.kill_one_process, self.stop_master, self.come_back,
                    self.kill_master, self.come_back):
            act()


def kinds_of(options):
    first = options.daemon or "baton"
    return first, options.peer or first


def show(options):
    """Plays the demonstration in this kernel; returns the exit code and the last line."""
    screen = Screen()
    kinds = kinds_of(options)
    screen.title(f"The lab: LVS-{options.mode.upper()} ({EXPECTED[options.mode]}), configured by "
                 f"etc/examples/{options.mode}-master.conf and {options.mode}-backup.conf")
    with Cluster(options.mode, kinds, prefix=PREFIX, with_sorry=False) as cluster:
        plan = cluster.plan
        for name, what in (("d1", f"director, priority 100, {kinds[0]}"), ("d2", f"director, priority 50, {kinds[1]}"),
                           ("rs1", "real server"), ("rs2", "real server"), ("client", "the client")):
            screen.say(f"{name:7} {cluster.address(name):16} {what}")
        screen.say(f"{'VIP':7} {plan.vip}:{plan.port}")
        demo = Demo(screen, cluster)
        try:
            demo.play()
        except (Failed, LabError) as problem:
            screen.failed(str(problem))
            for name in ("d1", "d2"):
                screen.quote(f"the end of {name}'s log", "\n".join(cluster[name].log().splitlines()[-15:]))
            return 1, f"Baton's demonstration FAILED: this did not happen: {problem}"
        if options.stay:
            demo.client.close()
            visit(cluster, screen)
        return 0, (f"Baton's demonstration passed: the site stayed up. Outage when the master was stopped: "
                   f"{demo.outages['TERM']:.0f} ms, when it was killed: {demo.outages['KILL']:.0f} ms.")


def show_in_uml(options, argv):
    """The same inside user-mode Linux."""
    problem = uml.missing()
    if problem:
        return 1, f"Baton's demonstration cannot run: this kernel has no IPVS (module ip_vs), and {problem}."
    print("This machine's kernel has no IPVS (module ip_vs): the demonstration runs inside user-mode Linux,\n"
          "a kernel as a program, on this machine's own files. It boots in a few seconds.", flush=True)
    folder = tempfile.mkdtemp(prefix="baton-demo.")
    environment = {INSIDE: "1", "TERM": os.environ.get("TERM", "dumb")}
    environment.update({name: os.environ[name] for name in ("NO_COLOR", "BATOND") if name in os.environ})
    if sys.stdout.isatty():
        environment["BATON_COLOUR"] = "1"
    if not has_terminal():
        environment["BATON_NO_TERMINAL"] = "1"
    command = ["/usr/bin/python3", "-m", "batonlab.demo", *argv]
    code = uml.run(command, folder, os.path.join(ROOT, "tests", "lab"), None if options.stay else LIMIT,
                   interactive=options.stay, environment=environment, output=sys.stdout)
    try:
        with open(os.path.join(folder, "last-line"), encoding="utf-8") as file:
            last = file.read()
    except OSError:
        last = "Baton's demonstration FAILED: user-mode Linux ended before it was over."
    return (1 if code is None else code), last


def main():
    parser = argparse.ArgumentParser(prog="script/demo", description="Builds Baton and shows what it is for.")
    parser.add_argument("--mode", choices=["dr", "nat", "tun"], default="dr", help="how packets reach the real servers")
    parser.add_argument("--peer", choices=["baton", "keepalived"], help="the second director (default: as the first)")
    parser.add_argument("--daemon", metavar="CMD", help="another daemon than build/release/batond, e.g. keepalived")
    parser.add_argument("--stay", action="store_true", help="leave the lab up at the end, with a shell in it")
    options = parser.parse_args()
    for kind in kinds_of(options):
        if not available(kind):
            sys.exit(f"Baton's demonstration cannot run: there is no {command_for(kind).split()[0]}.")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit("Baton's demonstration was stopped from outside."))
    try:
        if INSIDE in os.environ or ipvs.in_kernel():
            code, last = show(options)
        else:
            code, last = show_in_uml(options, sys.argv[1:])
    except KeyboardInterrupt:
        code, last = 130, "Baton's demonstration was stopped from the keyboard."
    if INSIDE in os.environ:
        with open("/run/work/last-line", "w", encoding="utf-8") as file:
            file.write(last)
    else:
        print(last)
    sys.exit(code)


if __name__ == "__main__":
    main()
