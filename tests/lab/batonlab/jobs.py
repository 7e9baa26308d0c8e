"""Work that is mostly waiting, done side by side and once for all tests: each result is asked for by its name."""
import json
import os
import shutil
import tempfile
import threading
import traceback

from . import ipvs, pair, stories, timing, uml
from .director import ROOT
from .netns import LabError

REFERENCE = ("keepalived", "keepalived")
#: Clusters that one user-mode Linux carries at a time: each takes a fifth of a processor.
CROWD = 4
STORY_LIMIT = 300


class Batch:
    """Runs functions in threads of their own; {name: function}."""

    def __init__(self, functions):
        self._results = {}
        self._threads = {name: threading.Thread(target=self._run, args=(name, function), daemon=True)
                         for name, function in functions.items()}
        for thread in self._threads.values():
            thread.start()

    def _run(self, name, function):
        try:
            self._results[name] = function()
        except Exception:  # pylint: disable=broad-except - told to whoever asks for the result
            self._results[name] = LabError(traceback.format_exc())

    def result(self, name, seconds=480):
        self._threads[name].join(seconds)
        result = self._results.get(name, LabError(f"{name} has not ended after {seconds} s"))
        if isinstance(result, Exception):
            raise result
        return result


def traces(combinations):
    """The VRRP scenario for every combination and variant; results named (variant, kinds)."""
    def play(variant, kinds):
        with pair.Pair(kinds, variant) as directors:
            seen = pair.play(directors)
            seen["logs"] = {name: directors[name].log() for name in ("d1", "d2")}
            return seen
    return Batch({(variant, kinds): lambda variant=variant, kinds=kinds: play(variant, kinds)
                  for variant in pair.VARIANTS for kinds in combinations})


def timings(combinations):
    """The timed take-overs; results named (variant, kinds)."""
    return Batch({(variant, kinds): lambda variant=variant, kinds=kinds: timing.measure(kinds, variant)
                  for variant in ("v2", "v3") for kinds in combinations})


class Clusters:
    """The stories of whole clusters, on this kernel if it has IPVS, else in user-mode Linux; named (story, kinds)."""

    def __init__(self, jobs):
        self.folder = tempfile.mkdtemp(prefix="batonlab-stories.")
        self.where = "this kernel" if ipvs.in_kernel() else "user-mode Linux"
        if self.where != "this kernel" and uml.missing():
            raise LabError(f"this kernel has no IPVS, and {uml.missing()}")
        crowds = [jobs] if self.where == "this kernel" else [jobs[at::-(-len(jobs) // CROWD)]
                                                             for at in range(-(-len(jobs) // CROWD))]
        self._crowd_of = {job: number for number, crowd in enumerate(crowds) for job in crowd}
        # two machines at a time: there may be no more than two processors
        self._slots = threading.Semaphore(2)
        self._again = set()
        self._batch = Batch({number: lambda number=number, crowd=crowd: self._tell(number, crowd)
                             for number, crowd in enumerate(crowds)})

    def _tell(self, number, crowd):
        words = [f"{name}:{','.join(kinds)}" for name, kinds in crowd]
        if self.where == "this kernel":
            Batch({word: lambda word=word: stories.tell(word, self.folder) for word in words}).result(words[-1])
            return "native"
        folder = os.path.join(self.folder, str(number))
        os.mkdir(folder)
        with self._slots, open(os.path.join(folder, "console"), "w+", encoding="utf-8", errors="replace") as console:
            environment = {name: os.environ[name] for name in ("BATOND", "GUIDES") if name in os.environ}
            code = uml.run(["/usr/bin/python3", "-m", "batonlab.stories", "/run/work", *words], folder,
                           os.path.join(ROOT, "tests", "lab"), STORY_LIMIT, environment=environment, output=console)
            console.seek(0)
            for name in os.listdir(folder):
                if name.endswith(".json"):
                    os.rename(os.path.join(folder, name), os.path.join(self.folder, name))
            if code != 0:
                raise LabError(f"user-mode Linux ended with {code}: {console.read()[-4000:]}")
        return "uml"

    def facts(self, name, kinds):
        """The facts of a story; raises what broke the machine when there are none."""
        problem = None
        try:
            self._batch.result(self._crowd_of[name, kinds], 2 * STORY_LIMIT + 60)
        except LabError as error:
            problem = error
        facts = self._read(name, kinds)
        if kinds == REFERENCE and (facts is None or "broken" in facts) and name not in self._again:
            # On a crowded machine two keepalived may be too late, too: they get one more chance, by themselves.
            self._again.add(name)
            self._tell(f"{name}-again", [(name, kinds)])
            facts = self._read(name, kinds)
        if facts is None:
            raise problem or LabError(f"no facts of {name} with {kinds}")
        return facts

    def _read(self, name, kinds):
        try:
            with open(os.path.join(self.folder, f"{name}.{'.'.join(kinds)}.json"), encoding="utf-8") as file:
                return json.load(file)
        except OSError:
            return None

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)
