"""A story: steps played in a cluster, in order, each noting facts that tests look at afterwards."""
import time
import traceback

from .cluster import Cluster
from .director import wait_until
from .netns import LabError

#: Seconds between two requests of the client: a system call is slow in user-mode Linux.
PACE = 0.1


class Story:
    """Plays `steps`, methods named by the subclass; the first that fails ends the story, and says why."""

    steps = ()

    def __init__(self, mode, kinds):
        self.cluster = Cluster(mode, kinds)
        self.facts = {}

    def play(self):
        """Returns {step: facts} and the 'last step'; with 'broken' and 'logs' when the story broke off in it."""
        try:
            for step in self.steps:
                self.facts[step], self.facts["last step"] = {}, step
                getattr(self, step)(self.facts[step])
        except Exception:  # pylint: disable=broad-except - whatever it was, it is the finding
            self.facts["broken"] = traceback.format_exc()
            self.facts["logs"] = {name: self.cluster[name].log()[-6000:] for name in ("d1", "d2")}
        finally:
            self.cluster.close()
        return self.facts

    def must(self, seconds, what):
        """Ends the story when something did not happen, i.e. when it took None seconds."""
        if seconds is None:
            tables = {name: self.cluster.table(name) for name in ("d1", "d2")}
            raise LabError(f"did not happen in time: {what}; the IPVS tables: {tables}")
        return seconds

    def snapshot(self, note):
        """Notes who holds which address, and both IPVS tables as ipvsadm would restore them."""
        interfaces = ("eth0", "eth1") if self.cluster.plan.inner else ("eth0",)
        for name in ("d1", "d2"):
            note[name] = {
                "addresses": {interface: self.cluster[name].addresses(interface) for interface in interfaces},
                "ipvs": sorted(self.cluster.spaces[name].run("ipvsadm", "-Sn").splitlines()),
            }

    def ask(self, count, **kwargs):
        """The pages that a fresh client gets with so many requests, each of which must be answered."""
        client = self.cluster.client(interval=PACE, patience=3, count=count, **kwargs)
        wait_until(lambda: len(client.replies()) >= count, 5 + 3 * PACE * count, PACE / 2)
        client.close()
        replies = client.replies()
        if len(replies) < count or any(reply.error for reply in replies):
            raise LabError(f"of {count} requests these came to an end: {replies}")
        return [reply.server for reply in replies]

    def asked_while(self, act, master, alone=True):
        """Lets a client ask while something happens to a director, until `master` holds the VIP, alone if so wanted."""
        client = self.cluster.client(interval=PACE)
        time.sleep(1)
        note, since = {}, time.time()
        act()
        vip, other = self.cluster.plan.vip, "d1" if master == "d2" else "d2"
        self.must(self.cluster.wait_vip(master), f"{master} takes the VIP")
        note["other holds the VIP"] = self.cluster[other].holds(vip)
        if alone:
            gone = wait_until(lambda: not self.cluster[other].holds(vip), 15)
            self.must(gone, f"{other} gives up the VIP")
        note["seconds"] = time.time() - since
        time.sleep(1.5)
        client.close()
        note["outage"] = client.outage(since=since - 1)._asdict()
        note["errors"] = sorted({reply.error for reply in client.replies() if reply.error})
        return note
