"""keepalived and Baton side by side over a table of cases: after every step both must show the same.

  python3 -m batonlab.differential [--kinds REFERENCE,CANDIDATE] [CASE...]     plays cases and prints what differs
"""
import argparse
import difflib
import json
import os
import re
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from . import differential_cases, differential_merge, uml
from .checks_story import make_certificate
from .director import ROOT

KINDS = ("keepalived", "baton")
#: What is compared: the kernel's table, and what scripts and the FIFO were told.
WHAT = ("table", "told")
#: Machines at a time, and seconds after which one is ended.
MACHINES, LIMIT = 2, 900


def play(kinds=KINDS, names=None):
    """{case: facts} of all cases or of these."""
    jobs = differential_merge.jobs(list(names or differential_cases.CASES))
    machines = min(MACHINES, len(jobs))
    with tempfile.TemporaryDirectory(prefix="batonlab-differential.") as folder, ThreadPoolExecutor(machines) as pool:
        parts = [jobs[at::machines] for at in range(machines)]
        found = {}
        for part in pool.map(lambda at: _boot(os.path.join(folder, str(at)), kinds, parts[at]), range(machines)):
            found.update(part)
    return found


def play_again(kinds, names, known):
    """play(), and once more what differs and is not `known` to: a machine that is busy for seconds makes a check fail that
    would not."""
    found = play(kinds, names)
    again = [name for name, facts in found.items() if name not in known and differences(facts)]
    return {**found, **play(kinds, again)} if again else found


def _boot(folder, kinds, jobs):
    os.mkdir(folder)
    make_certificate(folder)
    with open(os.path.join(folder, "console"), "w+", encoding="utf-8", errors="replace") as console:
        environment = {"BATOND": os.environ["BATOND"]} if "BATOND" in os.environ else {}
        code = uml.run(["/usr/bin/python3", "-m", "batonlab.differential_run", "/run/work", *kinds, *jobs], folder,
                       os.path.join(ROOT, "tests", "lab"), LIMIT, environment=environment, output=console)
        console.seek(0)
        problem = "" if code == 0 else f"user-mode Linux ended with {code}: {console.read()[-4000:]}"
    found = {}
    for number, job in enumerate(jobs):
        path = os.path.join(folder, f"{number}.json")
        if not os.path.exists(path):
            found.update({name: {"name": name, "steps": [], "logs": [], "broken": problem or "it was not played"}
                          for name in differential_merge.names_of(job)})
            continue
        with open(path, encoding="utf-8") as file:
            found.update(differential_merge.parts(job, json.load(file)))
    return found


def difference(facts, what):
    """What differs in a case, as text; '' when nothing does.  `what` is "table" or "told"."""
    if "broken" in facts:
        return "the case broke off\n" + facts["broken"]
    for noted in facts["steps"]:
        if noted["problem"]:
            return f"step {noted['step']!r}: {noted['problem']}, so that it tells nothing\n" + _trace(noted["traces"][0])
        if not noted["same " + what]:
            return f"step {noted['step']!r}, {noted['seconds']} s:\n" + _diff(*noted["traces"])
        if not noted["same table"]:
            break
    return ""


def differences(facts):
    """What differs in a case, table and all that was told, as text."""
    found = dict.fromkeys(difference(facts, what) for what in WHAT)
    return "\n".join(text for text in found if text)


def _trace(trace):
    return "\n".join(f"{key}: {line}" for key in ("table", "scripts", "fifo") for line in trace[key])


def _diff(reference, candidate):
    lines = [f"{key}: {line}\n" for key in reference for line in reference[key]]
    others = [f"{key}: {line}\n" for key in candidate for line in candidate[key]]
    return "".join(difflib.unified_diff(lines, others, "reference", "candidate", n=99))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--logs", action="store_true", help="show the logs of what differs")
    parser.add_argument("--times", action="store_true", help="show how long each step took")
    parser.add_argument("pattern", nargs="*", help="regular expressions of cases")
    options = parser.parse_args()
    names = [name for name in differential_cases.CASES
             if not options.pattern or any(re.fullmatch(pattern, name) for pattern in options.pattern)]
    began, differing = time.monotonic(), 0
    for name, facts in play(options.kinds.split(","), names).items():
        found = {what: difference(facts, what) for what in WHAT}
        if options.times:
            print(name, [(noted["step"], noted["seconds"]) for noted in facts["steps"]])
        for what, text in found.items():
            if text:
                print(f"=== {name}: {what}\n{text}")
        differing += any(found.values())
        if options.logs and any(found.values()):
            print("\n".join(f"--- log\n{log}" for log in facts["logs"]))
    print(f"{len(names)} cases, {differing} differ, {time.monotonic() - began:.0f} s")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
