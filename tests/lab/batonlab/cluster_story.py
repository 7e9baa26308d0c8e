"""The story of a whole cluster of any forwarding method."""
import signal
import time

from . import ipvs
from .cluster import example, vary
from .director import wait_until
from .story import PACE, Story


class ClusterStory(Story):
    """Election, sharing, dead and mended real servers, the sorry server, both deaths of the master, reloads."""

    steps = ("elect", "share", "lose_one", "lose_both", "mend", "kill_checkers", "stop_master", "return_stopped",
             "kill_master", "return_killed", "reload_server", "reload_persistent", "stop_all")
    scheduler, weights = "rr", (1, 1)

    def __init__(self, mode, kinds):
        super().__init__(mode, kinds)
        self.full = dict(zip(("rs1", "rs2"), self.weights))
        self.write()

    def write(self, *lines):
        """Both directors' files: the example with a sorry server, and rs1 inhibited on failure."""
        cluster, plan = self.cluster, self.cluster.plan
        sorry = f"sorry_server {cluster.address('sorry')} {plan.server_port}"
        for name in ("d1", "d2"):
            text = example(cluster.mode, name)
            cluster[name].write(vary(text, self.scheduler, (sorry, *lines), self.weights, inhibit=(0,)))

    def both_have(self, wanted, what):
        """Waits until both directors have these weights; returns the seconds that d1 needed."""
        seconds = self.must(self.cluster.wait_weights("d1", wanted), what)
        self.must(self.cluster.wait_weights("d2", wanted), what + ", on d2")
        return seconds

    def elect(self, note):
        for name in ("d1", "d2"):
            self.cluster[name].start()
        note["seconds"] = self.must(self.cluster.wait_vip("d1"), "d1 becomes master")
        self.both_have(self.full, "both real servers come in")
        self.snapshot(note)

    def share(self, note):
        note["pages"] = pages = self.ask(30)
        # the kernel adds up its counters every two seconds
        space = self.cluster.spaces["d1"]
        wait_until(lambda: sum(count[0] for count in ipvs.connections(space).values()) >= len(pages), 5, 0.2)
        counted = ipvs.connections(space)
        note["connections"] = {host: counted[self.cluster.endpoint(host)] for host in ("rs1", "rs2")}

    def lose_one(self, note):
        self.cluster.kill_server("rs1")
        note["seconds"] = self.both_have(dict(self.full, rs1=0), "rs1, inhibited, gets weight 0")
        self.snapshot(note)
        note["pages"] = self.ask(8)

    def lose_both(self, note):
        self.cluster.kill_server("rs2")
        note["seconds"] = self.both_have({"rs1": 0, "sorry": 1}, "rs2 goes, the sorry server comes")
        self.snapshot(note)
        note["pages"] = self.ask(8)

    def mend(self, note):
        for host in ("rs1", "rs2"):
            self.cluster.start_server(host)
        note["seconds"] = self.both_have(self.full, "both real servers return")
        self.snapshot(note)
        note["pages"] = self.ask(15)

    def kill_checkers(self, note):
        """Not asked of keepalived, which empties the table when its checker dies."""
        if self.cluster["d1"].kind == "keepalived":
            return
        client = self.cluster.client(interval=PACE, patience=3)
        old, seen = self.cluster["d1"].pid_of("checkers"), []
        self.cluster["d1"].kill_role("checkers")
        until = time.monotonic() + 3
        while time.monotonic() < until:
            weights = self.cluster.weights("d1")
            seen += [weights] if weights not in seen else []
            time.sleep(0.05)
        client.close()
        note["tables"], note["lost"] = seen, client.outage().lost
        note["restarted"] = self.cluster["d1"].pid_of("checkers") not in (None, old)

    def stop_master(self, note):
        ended = {}

        def act():
            ended["code"], ended["seconds"] = self.cluster["d1"].stop()
        note.update(self.asked_while(act, "d2"), ended=ended)
        self.snapshot(note)

    def kill_master(self, note):
        note.update(self.asked_while(self.cluster["d1"].kill_all, "d2", alone=False))
        self.snapshot(note)

    def _return(self, note):
        note.update(self.asked_while(self.cluster["d1"].start, "d1"))
        self.both_have(self.full, "the returned master's table is full")
        self.snapshot(note)

    return_stopped = return_killed = _return

    def _reload(self):
        for name in ("d1", "d2"):
            self.cluster[name].signal(signal.SIGHUP)

    def reload_server(self, note):
        """A third real server is added and taken away again, while a client asks."""
        client = self.cluster.client(interval=PACE, patience=3)
        plan, cluster = self.cluster.plan, self.cluster
        self.write(f"real_server {cluster.address('sorry')} {plan.server_port} {{", "}")
        self._reload()
        note["seconds"] = self.both_have(dict(self.full, sorry=1), "the new real server comes in")
        self.snapshot(note)
        client.close()
        note["lost"] = client.outage().lost
        self.write()
        self._reload()
        self.both_have(self.full, "the third real server goes again")

    def reload_persistent(self, note):
        network = self.cluster.plan.network
        self.cluster.spaces["client"].ip(f"addr add {network}.51/24 dev eth0")
        self.write("persistence_timeout 50")
        self._reload()
        for name in ("d1", "d2"):
            self.must(wait_until(lambda name=name: self._persistent(name), 10), f"{name} takes up persistence")
        self.both_have(self.full, "the real servers are still there")
        self.must(self.cluster.wait_vip("d1"), "d1 is master")
        note["pages"] = [self.ask(8, source=source) for source in (self.cluster.address("client"), network + ".51")]
        self.snapshot(note)

    def _persistent(self, name):
        service = self.cluster.table(name).get(self.cluster.service)
        return service is not None and service.persistent

    def stop_all(self, note):
        note["ended"] = {name: self.cluster[name].stop() for name in ("d2", "d1")}
        self.snapshot(note)


class NatStory(ClusterStory):
    """The NAT cluster shares 2:1."""
    scheduler, weights = "wrr", (2, 1)
