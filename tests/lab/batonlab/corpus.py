"""A folder of strangers' configurations with keepalived's verdicts: each is furnished as it expects and read by Baton.

The folder is CORPUS, by default ../shared/corpus beside the repository.  It holds files/NNN-NAME.conf, include trees
files/NNN.d/, verdicts.tsv and, when daemons were started on the files, oracle/daemon_exit.tsv.

  python3 tests/lab/batonlab/corpus.py                      what differs, file by file, with keepalived's log beside it
  python3 tests/lab/batonlab/corpus.py --oracle             whether keepalived itself still says what verdicts.tsv says
  python3 tests/lab/batonlab/corpus.py --write              the list of what differs, anew
"""
import argparse
import csv
import glob
import itertools
import os
import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

if __package__:
    from . import furnished
    from .director import BATOND, ROOT
else:
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    from batonlab import furnished
    from batonlab.director import BATOND, ROOT

FOLDER = os.environ.get("CORPUS") or os.path.join(os.path.dirname(ROOT), "shared", "corpus")
DATA = os.path.join(ROOT, "tests", "lab", "data")
#: What differs, file by file, with the key of a reason; and the reasons.
DEVIATIONS, REASONS = os.path.join(DATA, "corpus_deviations.tsv"), os.path.join(DATA, "corpus_reasons.tsv")
#: environment: (column of verdicts.tsv, log's suffix, how the machine differs)
ENVIRONMENTS = {
    "furnished": ("exit", "furnished", {}),
    "bare": ("exit_bare", "bare", {"scripts": False}),
    "user": ("exit_with_keepalived_script_user", "ksuser", {"script_user": True}),
}
#: The reasons for a crash of keepalived, for a status of 0 in spite of what it has said, and for one because it could not
#: enter the namespace and read nothing more.
CRASH, UNCOUNTED, NAMESPACE = "crash", "uncounted", "namespace"
CONFIG_TEST = f"{furnished.PROGRAM} -t -f {furnished.CONFIGURATION}"
#: A daemon that does not refuse the configuration fails at this pid file, before it does anything else.
START = f"{furnished.PROGRAM} -n -l -f {furnished.CONFIGURATION} -p /nonexistent/baton.pid"
#: The last one ends with 0 when the normalised configuration, read and printed again, is the same, and tells its size.
FIXED_POINT = (f"{furnished.PROGRAM} -t -d -f {furnished.CONFIGURATION} >/corpus/once.conf",
               f"{furnished.PROGRAM} -t -d -f /corpus/once.conf >/corpus/twice.conf",
               "sh -c 'cmp /corpus/once.conf /corpus/twice.conf && wc -c </corpus/once.conf'")
KEEPALIVED = f"keepalived -t -f {furnished.CONFIGURATION}"
SIDE_BY_SIDE = 16
#: Exit statuses of a daemon that does not start on its configuration.
REFUSALS = (2, 6)


@dataclass(eq=False)
class File:
    """A configuration and what keepalived says of it."""
    number: str
    path: str
    verdict: dict
    starts: bool | None = None  # whether keepalived's daemon does; None: nobody has tried

    @property
    def name(self):
        return os.path.basename(self.path)

    def machine(self, environment):
        tree = os.path.join(os.path.dirname(self.path), self.number + ".d")
        return furnished.Machine(tree=tree if os.path.isdir(tree) else "", **ENVIRONMENTS[environment][2])

    @property
    def links(self):
        return tuple(self.verdict.get("interfaces_made", "eth0").split(","))

    def expected(self, environment="furnished"):
        """keepalived's exit status, None when it is not known."""
        text = self.verdict.get(ENVIRONMENTS[environment][0])
        return int(text) if text else None

    def log(self, environment="furnished"):
        path = os.path.join(FOLDER, "logs", f"{self.number}.{ENVIRONMENTS[environment][1]}.txt")
        if not os.path.exists(path):
            return self.verdict.get("log", "").split(" || ")
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()[1:]

    def text(self):
        with open(self.path, "rb") as file:
            return file.read()


@dataclass
class Reading:
    """What a program made of a file."""
    file: File
    environment: str
    outcomes: list = field(default_factory=list)

    @property
    def status(self):
        return self.outcomes[0].status

    @property
    def said(self):
        return self.outcomes[0].said


def available():
    return os.path.exists(os.path.join(FOLDER, "verdicts.tsv"))


def rows(path):
    """The rows of a table that is divided by tabs; none when there is no such file."""
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def files(numbers=()):
    """The files of the folder that have a verdict, in order of their numbers."""
    starts = {row["id"]: row["daemon_exit"] == "0" and "permanent error" not in row["reason_lines"]
              for row in rows(os.path.join(FOLDER, "oracle", "daemon_exit.tsv"))
              if row["daemon_exit"] in ("0", *map(str, REFUSALS))}  # others were killed, of whom nothing is known
    found = []
    for row in rows(os.path.join(FOLDER, "verdicts.tsv")):
        paths = glob.glob(os.path.join(FOLDER, "files", glob.escape(row["id"]) + "-*.conf"))
        if paths and (not numbers or row["id"] in numbers):
            found.append(File(row["id"], paths[0], row, starts.get(row["id"])))
    return found


def read(all_files, environments=("furnished",), commands=(CONFIG_TEST, START), program=BATOND):
    """Carries out commands over each file in each environment, several side by side; the Readings in order."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool, tempfile.TemporaryDirectory(dir="/dev/shm") as room:
        sets = list(dict.fromkeys(file.links for file in all_files))
        links = dict(zip(sets, pool.map(furnished.Links, sets)))

        def one(asked):
            file, environment = asked
            folder = os.path.join(room, f"{file.number}-{environment}")
            os.mkdir(folder)
            outcomes = furnished.run(folder, program, file.machine(environment), links[file.links], file.text(),
                                     commands)
            return Reading(file, environment, outcomes)
        try:
            return list(pool.map(one, itertools.product(all_files, environments)))
        finally:
            for made in links.values():
                made.close()


def kind_of(status):
    """What an exit status means to whoever asked: accepted, accepted with remarks, refused."""
    return {0: "accepted", 5: "remarks", 6: "remarks"}.get(status, "refused")


@dataclass(frozen=True)
class Deviation:
    """One thing in which Baton differs from keepalived over one file."""
    number: str
    environment: str
    what: str        # "exit": of the configuration test; "start": whether a daemon starts, 0 or 1
    keepalived: int
    baton: int

    def __str__(self):
        if self.what == "exit":
            return f"exit {self.baton}, keepalived's {self.keepalived}"
        does = ("does not start", "starts")
        return f"Baton's daemon {does[self.baton]}, keepalived's {does[self.keepalived]}"


def deviations_of(reading):
    """In what a reading by batond differs from keepalived's."""
    file, found = reading.file, []
    wanted = file.expected(reading.environment)
    if wanted is not None and wanted != reading.status:
        found.append(Deviation(file.number, reading.environment, "exit", wanted, reading.status))
    if reading.environment == "furnished" and len(reading.outcomes) > 1 and file.starts is not None:
        starts, started = int(reading.outcomes[1].status not in REFUSALS), int(file.starts)
        if starts != started:
            found.append(Deviation(file.number, reading.environment, "start", started, starts))
    return found


def known_deviations():
    """{Deviation: key of its reason}, as the repository lists them."""
    return {Deviation(row["id"], row["environment"], row["what"], int(row["keepalived"]), int(row["baton"])):
            row["reason"] for row in rows(DEVIATIONS)}


def reasons():
    """{key: Reason}."""
    return {row["key"]: Reason(row["key"], row["keepalived_says"], int(row["baton_status"]), row["row"])
            for row in rows(REASONS)}


def recorded_elsewhere(found):
    """Those of {Deviation: Reading} in which keepalived, where it is run here, says what Baton says: the file names
    something that the machine of the verdicts had and this one has not, or the other way round."""
    agreed = set()
    for environment in ENVIRONMENTS:
        asked = {each.number: (each, reading.file) for each, reading in found.items()
                 if each.environment == environment and each.what == "exit"}
        for reading in read([file for _, file in asked.values()], [environment], (KEEPALIVED,)) if asked else ():
            each = asked[reading.file.number][0]
            if reading.status == each.baton:
                agreed.add(each)
    return agreed


@dataclass(frozen=True)
class Reason:
    """Why Baton differs on purpose."""
    key: str
    pattern: str     # of the lines in keepalived's log that Baton passes over or takes for less; empty: none
    status: int      # what Baton makes of the same, as an exit status
    row: str         # where docs/compatibility.md tells of it: the first column of a table

    def covers(self, line):
        return bool(self.pattern) and re.search(self.pattern, line) is not None


def status_of_log(lines):
    """The exit status that lines of keepalived's configuration test stand for."""
    if any("is missing a parameter" in line for line in lines):
        return 2
    if any(line.startswith("SECURITY VIOLATION") for line in lines):
        return 6
    return 5 if lines else 0


def reason_for(deviation, file):
    """The key of the reason that explains a deviation by a general rule: without the lines of keepalived's log that it
    covers the two agree.  None: no rule does."""
    if deviation.keepalived < 0:
        return CRASH
    lines = file.log(deviation.environment)
    if deviation.keepalived == (0 if deviation.what == "exit" else 1):
        if re.search(rb"^(@\S+\s+)?\s*net_namespace\s", file.text(), re.MULTILINE):
            return NAMESPACE
        if deviation.what == "exit" and lines:
            return UNCOUNTED
    for reason in reasons().values():
        left = [line for line in lines if not reason.covers(line)]
        instead = max(status_of_log(left), reason.status)
        if len(left) < len(lines) and (deviation.what == "start" or instead == deviation.baton):
            return reason.key
    return None


def _show(reading, found):
    print(f"=== {reading.file.name} ({reading.environment}): {'; '.join(map(str, found)) or 'as keepalived'}")
    print("  keepalived:")
    for line in reading.file.log(reading.environment):
        print("    " + line)
    print("  Baton:")
    for line in reading.said.splitlines():
        print("    " + line.replace(furnished.CONFIGURATION, "CONF"))


def _places(lines, pattern):
    """{line number: [text]} of what was said of lines of the file itself."""
    found = {}
    for line in lines:
        if match := re.search(pattern, line):
            found.setdefault(int(match[1]), []).append(line[match.end():].strip())
    return found


def _compare_places(reading):
    """Prints what only one of the two says of a line; what an unknown block draws along is left out."""
    theirs = _places(reading.file.log(reading.environment), r"^\((?:CONF: )?Line (\d+)\)")
    ours = _places(reading.said.splitlines(), re.escape(furnished.CONFIGURATION) + r":(\d+):\d+:(?= (?:error|warning))")
    for number in sorted(theirs.keys() | ours.keys()):
        if number not in ours:
            print(f"{reading.file.number}:{number}: only keepalived: {'; '.join(theirs[number])}")
        elif number not in theirs:
            print(f"{reading.file.number}:{number}: only Baton: {'; '.join(ours[number])}")


def _write_list(readings):
    """Writes what differs now to the list; reasons that were given stay."""
    known, by_number = known_deviations(), {reading.file.number: reading.file for reading in readings}
    found = [deviation for reading in readings for deviation in deviations_of(reading)]
    with open(DEVIATIONS, "w", encoding="utf-8") as file:
        file.write("id\tenvironment\twhat\tkeepalived\tbaton\treason\n")
        for each in sorted(found, key=lambda each: (each.number, each.environment, each.what)):
            reason = known.get(each) or reason_for(each, by_number[each.number]) or "?"
            file.write("\t".join(map(str, (each.number, each.environment, each.what, each.keepalived, each.baton,
                                          reason))) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--oracle", action="store_true", help="run keepalived and compare with its recorded verdicts")
    parser.add_argument("--environment", choices=[*ENVIRONMENTS, "each"], default="furnished")
    parser.add_argument("--all", action="store_true", help="show every file, whether it differs or not")
    parser.add_argument("--brief", action="store_true", help="one line for each file that differs")
    parser.add_argument("--places", action="store_true", help="which lines only one of the two has something to say of")
    parser.add_argument("--new", action="store_true", help="leave out what is listed with a reason")
    parser.add_argument("--write", action="store_true",
                        help=f"write what differs, in each environment, to {os.path.basename(DEVIATIONS)}")
    parser.add_argument("number", nargs="*", help="only these files, as 042")
    options = parser.parse_args()
    environments = list(ENVIRONMENTS) if options.write or options.environment == "each" else [options.environment]
    commands = (KEEPALIVED,) if options.oracle else (CONFIG_TEST, START)
    readings = read(files(() if options.write else options.number), environments, commands)
    known = known_deviations() if options.new else {}
    differing = 0
    for reading in readings:
        found = [each for each in deviations_of(reading) if known.get(each, "?") == "?"]
        differing += bool(found)
        if options.places:
            _compare_places(reading)
        elif options.brief and found:
            print(f"{reading.file.name} ({reading.environment}): {'; '.join(map(str, found))}")
        elif not options.brief and (found or options.all):
            _show(reading, found)
    print(f"{len(readings)} readings of files of {FOLDER}, {differing} differ")
    if options.write:
        _write_list(readings)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
