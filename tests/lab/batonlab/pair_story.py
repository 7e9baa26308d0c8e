"""The stories of the guides' pair: as it should be written, and as strangers copy it."""
import os
import re

from .cluster import example, vary
from .director import ROOT
from .story import Story

DATA = os.path.join(ROOT, "tests", "lab", "data")


class PairStory(Story):
    """The pair of the guides: LVS-DR, persistence_timeout 50, delay_loop 6; the page stays when the master goes."""

    steps = ("elect", "stay", "stop_master", "return_stopped", "stop_all")

    def __init__(self, mode, kinds):
        super().__init__(mode, kinds)
        for name in ("d1", "d2"):
            self.cluster[name].write(self.text(name))

    def text(self, name):
        """The configuration of a director."""
        return vary(example("dr", name), service=("persistence_timeout 50",)).replace("delay_loop 2", "delay_loop 6")

    def _neighbour(self):
        """The MAC address under which the client knows the VIP."""
        text = self.cluster.spaces["client"].run("ip", "neigh", "show", self.cluster.plan.vip)
        found = re.search(r"lladdr (\S+)", text)
        return found and found.group(1)

    def elect(self, note):
        for name in ("d1", "d2"):
            self.cluster[name].start()
        self.must(self.cluster.wait_vip("d1"), "d1 becomes master")
        for name in ("d1", "d2"):
            self.must(self.cluster.wait_weights(name, {"rs1": 1, "rs2": 1}), f"both real servers on {name}")
        self.snapshot(note)
        note["logs"] = {name: self.cluster[name].log() for name in ("d1", "d2")}

    def stay(self, note):
        note["pages"], note["mac"] = self.ask(12), self._neighbour()

    def stop_master(self, note):
        note.update(self.asked_while(self.cluster["d1"].stop, "d2"))
        note["pages"], note["mac"] = self.ask(8), self._neighbour()
        self.snapshot(note)

    def return_stopped(self, note):
        note.update(self.asked_while(self.cluster["d1"].start, "d1"))
        note["pages"], note["mac"] = self.ask(8), self._neighbour()
        self.must(self.cluster.wait_weights("d1", {"rs1": 1, "rs2": 1}), "both real servers on the returned master")
        self.snapshot(note)

    def stop_all(self, note):
        note["ended"] = {name: self.cluster[name].stop() for name in ("d2", "d1")}
        self.snapshot(note)


class CopiedStory(PairStory):
    """The same with files copied from a guide, mistakes and all."""

    prefix = os.path.join(DATA, "copied-")

    def text(self, name):
        with open(f"{self.prefix}{ {'d1': 'master', 'd2': 'backup'}[name] }.conf", encoding="utf-8") as file:
            return re.sub(r"interface \S+", "interface eth0", file.read())


class GuideStory(CopiedStory):
    """The same with a guide's own files, where they are at hand (GUIDES)."""
    prefix = os.path.join(os.environ.get("GUIDES", ""), "guide-")
