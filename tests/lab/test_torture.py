"""Whatever a configuration file holds, its test ends soon, says little, needs little memory and exits with a known code.

MUTANTS  how many mutants of good configurations are tried (default 300); MUTANT_SEED another seed than 1.
"""
import concurrent.futures
import itertools
import os
import resource
import signal
import subprocess

import pytest

from batonlab import mutants
from batonlab.director import BATOND, available

STATUSES = {0, 2, 4, 5, 6}
MOST_OUTPUT, MOST_MEMORY = 200_000, 2 << 30
#: Seconds of the processor, which other programs may use too; and of the clock, for one that waits.
HANGS_AFTER, WAITS_AFTER = 20, 200
COUNT, SEED = int(os.environ.get("MUTANTS", "300")), int(os.environ.get("MUTANT_SEED", "1"))
ODD = mutants.odd()


@pytest.fixture
def batond():
    if not available("baton"):
        pytest.fail(f"there is no {BATOND}: build it (script/test does)")
    return BATOND


def limited():
    resource.setrlimit(resource.RLIMIT_CPU, (HANGS_AFTER, HANGS_AFTER))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def config_test(batond, path):  # pylint: disable=redefined-outer-name
    """(exit status, what it said); a status of None is one that did not end."""
    with subprocess.Popen([batond, "-t", "-f", str(path)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, preexec_fn=limited) as process:  # pylint: disable=W1509
        try:
            said = process.communicate(timeout=WAITS_AFTER)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            return None, process.communicate()[0]
    return process.returncode, said


def what_is_wrong(batond, path):  # pylint: disable=redefined-outer-name
    """What a configuration test did that none may do; empty: nothing."""
    status, said = config_test(batond, path)
    if status is None:
        return f"it did not end in {WAITS_AFTER} s"
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"it computed for {HANGS_AFTER} s"
    if status not in STATUSES:
        return f"exit {status}: {said[-500:].decode(errors='replace')}"
    if len(said) > MOST_OUTPUT:
        return f"it said {len(said)} octets"
    if status != 0 and not said:
        return f"exit {status} without a word"
    if any(octet < 32 and octet not in b"\n\t" for octet in said):
        return "it printed control characters"
    return ""


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_does_no_harm(batond, tmp_path, name):  # pylint: disable=redefined-outer-name
    path, content = tmp_path / "odd.conf", ODD[name]
    if isinstance(content, str):
        content = content.replace("{self}", str(path)).replace("{folder}", str(tmp_path)).encode()
    path.write_bytes(content)
    assert what_is_wrong(batond, path) == ""


def test_mutants_do_no_harm(batond, tmp_path):  # pylint: disable=redefined-outer-name
    def try_one(numbered):
        number, content = numbered
        path = tmp_path / f"{number}.conf"
        path.write_bytes(content)
        return number, what_is_wrong(batond, path)
    all_mutants = mutants.mutants(SEED, COUNT)
    assert len(all_mutants) == COUNT
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = {number: wrong for number, wrong in pool.map(try_one, enumerate(all_mutants)) if wrong}
    assert not found, "\n".join(f"MUTANT_SEED={SEED}, number {number}: {wrong}\n{all_mutants[number]!r}"
                                for number, wrong in itertools.islice(found.items(), 3))
