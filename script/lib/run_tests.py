"""Builds Baton, runs its tests kind by kind, and ends with two lines: how many, and whether all is well."""
import argparse
import glob
import json
import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from concurrent import futures

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RESULTS = os.path.join(ROOT, "build", "test-results")
DICTIONARY = os.path.join(RESULTS, "keywords.dict")
#: ctest's labels in the order in which they are run; others that exist come after them
LABELS = ("lint", "unit", "property", "golden", "sim")
#: what the lab needs of the release build
LAB_PROGRAMS = ("batond", "batonctl", "ipvs_kernel_test")
#: Parts of the lab.  First what is timed, beside what only waits for the protocol's timers; then all else, in two halves.
TIMED = ("test_config", "test_failover", "test_hostile_servers", "test_scenario")
PACED = ("test_forged", "test_forged_paths", "test_reload")
TABLES = ("test_bfd", "test_corpus", "test_corpus_ipvs", "test_differential", "test_fullnat", "test_genhash", "test_mail",
          "test_net_namespace", "test_pools", "test_real_server", "test_surroundings", "test_torture")
CTEST_LIMIT, LAB_LIMIT, FUZZ_SECONDS = 600, 1500, 12


class Tally:
    """Counts of one kind of tests, and the names of those that failed."""

    def __init__(self):
        self.passed = self.skipped = 0
        self.failed = []


def say(text):
    print(text, flush=True)


def run(*argv, **kwargs):
    return subprocess.run(argv, cwd=ROOT, stdin=subprocess.DEVNULL, check=False, **kwargs)


def build(preset, targets=()):
    return run(os.path.join(ROOT, "script", "lib", "build"), preset, *targets).returncode == 0


def labels_of(folder):
    """The labels that ctest knows in a build folder."""
    listing = run("ctest", "--test-dir", folder, "--show-only=json-v1", capture_output=True, text=True)
    found = set()
    for test in json.loads(listing.stdout or "{}").get("tests", []):
        for entry in test.get("properties", []):
            if entry["name"] == "LABELS":
                found.update(entry["value"])
    return found


def doctest_counts(output):
    """(passed, failed) test cases that a doctest program told of, or None for another program."""
    found = re.findall(r"test cases:\s*(\d+) \|\s*(\d+) passed \|\s*(\d+) failed", output)
    return (sum(int(row[1]) for row in found), sum(int(row[2]) for row in found)) if found else None


def count_ctest(path):
    """The tally of a JUnit file that ctest wrote: doctest's own cases where a program has them."""
    tally = Tally()
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        status, output = case.get("status"), case.findtext("system-out") or ""
        counts = doctest_counts(output)
        if status == "run" and counts == (0, 0):
            tally.failed.append(f"{case.get('name')}, which ran no test case")
        elif status == "run":
            tally.passed += counts[0] if counts else 1
        elif status in ("notrun", "disabled"):
            tally.skipped += 1
            say(f"    SKIPPED {case.get('name')}: {output.strip().splitlines()[-1] if output.strip() else 'see ctest'}")
        else:
            tally.passed += counts[0] if counts else 0
            tally.failed.append(case.get("name"))
            say(f"    FAILED {case.get('name')}\n{output[-6000:]}")
    return tally


def ctest(folder, label):
    """Runs the tests of a label in a build folder."""
    path = os.path.join(RESULTS, f"{os.path.basename(folder)}-{label}.xml")
    if os.path.exists(path):
        os.unlink(path)
    done = run("ctest", "--test-dir", folder, "-L", f"^{label}$", "--output-junit", path, "--timeout", str(CTEST_LIMIT),
               "--test-output-size-passed", "200000", "--test-output-size-failed", "200000",
               "-j", str(os.cpu_count() or 2), capture_output=True, text=True)
    if not os.path.exists(path):
        tally = Tally()
        tally.failed.append(f"ctest -L {label}")
        say(done.stdout + done.stderr)
        return tally
    return count_ctest(path)


def write_keyword_dictionary():
    """Writes every quoted word of the keyword tables for libFuzzer, which does not find long words by itself."""
    words = set()
    for source in glob.glob(os.path.join(ROOT, "src", "config", "keywords_*.cpp")):
        with open(source, encoding="utf-8") as file:
            words.update(re.findall(r'"([A-Za-z_0-9.-]{3,40})"', file.read()))
    with open(DICTIONARY, "w", encoding="ascii") as file:
        file.writelines(f'"{word}"\n' for word in sorted(words))


def fuzz_options(name):
    """More options and folders of seeds for a fuzzer."""
    if not name.startswith("config"):
        return []
    return [f"-dict={DICTIONARY}", *(os.path.join(ROOT, "tests", *folder) for folder in
                                     (("golden", "config"), ("fuzz", "corpus", "config_parse")))]


def run_fuzzer(target):
    """Runs a fuzzer from its corpus; None, or what it found, which is left in the results too."""
    name = os.path.basename(target)[len("fuzz_"):]
    corpus = os.path.join(ROOT, "tests", "fuzz", "corpus", name)
    grown = os.path.join(RESULTS, "corpus", name)
    os.makedirs(grown, exist_ok=True)
    done = run(target, f"-max_total_time={FUZZ_SECONDS}", "-timeout=5", "-rss_limit_mb=1024",
               f"-artifact_prefix={RESULTS}/{name}-", grown, *([corpus] if os.path.isdir(corpus) else []),
               *fuzz_options(name),
               capture_output=True, text=True)
    return done.stdout[-1000:] + done.stderr[-5000:] if done.returncode else None


def fuzz():
    """Runs each fuzzer for a short while, as many at a time as there are processors."""
    tally, folder = Tally(), os.path.join(ROOT, "build", "fuzz")
    targets = sorted(path for path in glob.glob(os.path.join(folder, "**", "fuzz_*"), recursive=True)
                     if os.path.isfile(path) and os.access(path, os.X_OK))
    write_keyword_dictionary()
    with futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for target, found in zip(targets, pool.map(run_fuzzer, targets)):
            if found is None:
                tally.passed += 1
            else:
                tally.failed.append(os.path.basename(target))
                say(found)
    return tally


def lab_part(name, files):
    """Runs files of tests/lab by pytest; (what it printed, its tally)."""
    path = os.path.join(RESULTS, f"lab-{name}.xml")
    if os.path.exists(path):
        os.unlink(path)
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
    try:
        done = run("/usr/bin/python3", "-m", "pytest", "-p", "no:cacheprovider", "-q", "-rs", "--junitxml", path, *files,
                   env=environment, timeout=LAB_LIMIT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        ended, output = f"pytest ended with {done.returncode}", done.stdout
    except subprocess.TimeoutExpired as problem:
        ended, output = f"the lab took longer than {LAB_LIMIT} s and was stopped", str(problem.output or "")
    tally = Tally()
    if not os.path.exists(path):
        tally.failed.append(f"{name}: {ended}")
        return output, tally
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"}:
            tally.failed.append(f"{case.get('classname')}::{case.get('name')}")
        elif "skipped" in kinds:
            tally.skipped += 1
        else:
            tally.passed += 1
    return output, tally


def lab():
    """Runs tests/lab part by part."""
    files = {os.path.basename(path)[:-len(".py")]: path for path in sorted(glob.glob(os.path.join(ROOT, "tests", "lab", "test_*.py")))}
    parts = {"timed": TIMED, "paced": PACED, "tables": TABLES}
    parts["others"] = [name for name in files if name not in TIMED + PACED + TABLES]
    whole = Tally()
    for side_by_side in (("timed", "paced"), ("tables", "others")):
        with futures.ThreadPoolExecutor(len(side_by_side)) as pool:
            for output, tally in pool.map(lambda name: lab_part(name, [files[module] for module in parts[name]]), side_by_side):
                say(output)
                whole.passed += tally.passed
                whole.skipped += tally.skipped
                whole.failed += tally.failed
    return whole


def all_tests(options):
    """{kind: Tally} of everything, in the order of the runs."""
    tallies = {}

    def note(kind, tally, start):
        tallies[kind] = tally
        skipped = f", {tally.skipped} skipped" if tally.skipped else ""
        say(f"  {kind}: {tally.passed} passed, {len(tally.failed)} failed{skipped} ({time.time() - start:.0f} s)")

    def failed(kind, name):
        tallies[kind] = Tally()
        tallies[kind].failed.append(name)

    def run_labels(preset):
        folder = os.path.join(ROOT, "build", preset)
        known = labels_of(folder) - {"lab"}
        for label in LABELS:
            start = time.time()
            if label in known:
                note(label, ctest(folder, label), start)
            elif label == "unit" or os.path.exists(os.path.join(ROOT, "tests", label, "CMakeLists.txt")):
                failed(label, f"no test has the label {label}")

    # Compiled once for each: what the lab runs is what people get, all else runs under the sanitizers.
    preset = "release" if options.quick else "asan"
    say(f"Baton's tests: what needs no network{'' if options.quick else ', under the sanitizers'}")
    if build(preset, ("all", "tests/all")):
        run_labels(preset)
    else:
        failed("build", f"the {preset} build")
    if not options.quick:
        say("Baton's tests: fuzzing for a short while")
        start = time.time()
        if build("fuzz"):
            note("fuzz", fuzz(), start)
        else:
            failed("build for the fuzzers", "the fuzz build")
    if not options.no_lab:
        say("Baton's tests: the lab, real directors in network namespaces and in user-mode Linux (some 15 minutes)")
        if build("release", LAB_PROGRAMS):
            start = time.time()
            note("lab", lab(), start)
        else:
            failed("build for the lab", "the release build")
    return tallies


def main():
    parser = argparse.ArgumentParser(prog="script/test", description="Builds Baton and runs every test.")
    parser.add_argument("--no-lab", action="store_true", help="leave out the lab, which needs root and some minutes")
    parser.add_argument("--quick", action="store_true", help="leave out the sanitizers and the fuzzing")
    options = parser.parse_args()
    start = time.time()
    os.makedirs(RESULTS, exist_ok=True)
    tallies = all_tests(options)
    passed = sum(tally.passed for tally in tallies.values())
    failed = sum(len(tally.failed) for tally in tallies.values())
    minutes, seconds = divmod(int(time.time() - start), 60)
    say(f"{passed} passed, {failed} failed")
    if failed or not passed:
        names = [f"{kind}: {name}" for kind, tally in tallies.items() for name in tally.failed]
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        say(f"Baton: TESTS FAILED after {minutes} min {seconds} s: {'; '.join(names[:5])}{more}")
        return 1
    kinds = ", ".join(f"{kind} {tally.passed}" + (f" and {tally.skipped} skipped" if tally.skipped else "")
                      for kind, tally in tallies.items())
    left_out = "" if not (options.no_lab or options.quick) else ", some were left out as asked"
    say(f"Baton: all tests passed ({kinds}) in {minutes} min {seconds} s{left_out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
