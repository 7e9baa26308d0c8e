"""How long a take-over takes: on the wire against the protocol's own floor, and for a client."""
import random
import statistics
import time

from .client import Client
from .cluster import start_web_server
from .director import wait_until
from .pair import PRIORITIES, VIP, Pair

PORT = 8088
#: rounds of each event; the median is judged
ROUNDS = 3


class Timed(Pair):
    """A pair with one VIP, a web server on either director and a client that asks the VIP every 10 ms."""

    def __init__(self, kinds, variant):
        super().__init__(kinds, variant, vips=(VIP,))
        self.web = [start_web_server(self.spaces[name], self.folder, name, PORT) for name in ("d1", "d2")]
        self.start()
        self.settle()
        self.client = Client(self.spaces["cl"], (VIP, PORT), interval=0.01)

    def settle(self):
        """Waits until d1 is the only master, and on to any moment between two of its adverts."""
        def alone():
            return self["d1"].holds(VIP) and not self["d2"].holds(VIP)
        if wait_until(alone, 10) is None:
            raise AssertionError("d1 did not become the only master: " + self["d1"].log()[-3000:])
        time.sleep(1.2 + random.random())

    @property
    def skew(self):
        """d2's Skew_Time at an advertisement interval of one second."""
        return (256 - PRIORITIES["d2"]) / 256

    def close(self):
        if hasattr(self, "client"):
            self.client.close()
        for server in self.web:
            server.kill()
            server.wait()
        super().close()


def _takeover(timed, since, floor):
    """Facts of a take-over by d2 that began at `since`, against the instant when a perfect backup would act."""
    wait_until(lambda: timed.garps("d2", since=since), 6)
    time.sleep(1.5)
    garps, adverts = timed.garps("d2", since=since), timed.adverts("d2", since=since)
    if not garps or not adverts:
        raise AssertionError("d2 did not take over: " + timed["d2"].log()[-3000:])
    outage = timed.client.outage(since=since - 0.5)
    return {"after": garps[0].time - since, "excess": garps[0].time - floor, "advert": adverts[0].time,
            "lost": outage.lost, "outage": outage.milliseconds}


def term(timed):
    """TERM of the master: the backup is due its skew time after the priority 0."""
    since = time.time()
    code, stopped = timed["d1"].stop()
    held = timed["d1"].holds(VIP)
    zero = [frame.time for frame in timed.adverts("d1", since=since)]
    if not zero:
        raise AssertionError("no priority 0 was sent: " + timed["d1"].log()[-3000:])
    facts = _takeover(timed, since, zero[-1] + timed.skew)
    return dict(facts, code=code, stopped=stopped, held=held)


def kill_all(timed):
    """KILL of everything: the backup is due three intervals and its skew time after the last advert."""
    since = timed["d1"].kill_all()
    gone = wait_until(lambda: not timed["d1"].holds(VIP) or timed.adverts("d2", since=since), 6, 0.003)
    held_until = time.time()
    facts = _takeover(timed, since, timed.adverts("d1")[-1].time + 3 + timed.skew)
    if gone is None or timed["d1"].holds(VIP):
        held_until = None
    return dict(facts, held_until=held_until)


def kill_vrrp(timed):
    """KILL of the vrrp role alone: nobody may notice."""
    old, since = timed["d1"].pid_of("vrrp"), time.time()
    timed["d1"].kill_role("vrrp")
    always = True
    while time.time() < since + 6:
        always = always and timed["d1"].holds(VIP)
        time.sleep(0.003)
    own = [frame.time for frame in timed.adverts("d1", since=since - 1.5)]
    return {"lost": timed.client.outage(since=since).lost, "asked": len(timed.client.replies(since=since)),
            "adverts of d2": len(timed.adverts("d2", since=since)), "always held": always,
            "calls of d2": [what for _, what in timed.calls("d2", since=since)],
            "calls of d1": [what for _, what in timed.calls("d1", since=since)],
            "longest silence": max(later - sooner for sooner, later in zip(own, own[1:])),
            "restarted": timed["d1"].pid_of("vrrp") not in (None, old)}


def measure(kinds, variant):
    """{event: [facts of each round]} of one pair."""
    found = {"term": [], "kill_all": [], "kill_vrrp": []}
    with Timed(kinds, variant) as timed:
        if kinds[0] == "baton":
            for _ in range(2):
                found["kill_vrrp"].append(kill_vrrp(timed))
                timed.settle()
        for event, act in (("term", term), ("kill_all", kill_all)):
            for _ in range(ROUNDS):
                found[event].append(act(timed))
                timed.start("d1")
                timed.settle()
    return found


def median(rounds, what):
    return statistics.median(entry[what] for entry in rounds)
