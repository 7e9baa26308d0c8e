"""Strangers' configurations: Baton accepts and refuses each as keepalived does, or for a reason that is written down.

The files are not Baton's and are not here: CORPUS names their folder (see batonlab/corpus.py).
"""
import collections
import os

import pytest

from batonlab import corpus
from batonlab.director import BATOND, ROOT, available

LONGEST_SECONDS, MOST_OUTPUT = 20, 200_000


@pytest.fixture(scope="module")
def readings():
    """Every file read by Baton on a machine that has what the file names."""
    if not corpus.available():
        pytest.skip(f"NO STRANGER'S FILE WAS READ: there is no {corpus.FOLDER} (CORPUS names another)")
    if not available("baton"):
        pytest.fail(f"there is no {BATOND}: build it (script/test does)")
    return corpus.read(corpus.files())


def differing(readings):  # pylint: disable=redefined-outer-name
    return {each: reading for reading in readings for each in corpus.deviations_of(reading)}


def listing(found):
    """The deviations, a line each, with the names of the files."""
    return "\n".join(f"{reading.file.name} ({each.environment}): {each}" for each, reading in found.items())


def test_each_file_is_judged_as_keepalived_judges_it(readings, tell):  # pylint: disable=redefined-outer-name
    found, known = differing(readings), corpus.known_deviations()
    reasons = {each: known.get(each) or corpus.reason_for(each, reading.file) for each, reading in found.items()}
    count = collections.Counter(each.number for each, reason in reasons.items() if reason)
    tell("strangers' files", f"{len(corpus.files())}, as keepalived in all: "
         f"{len(corpus.files()) - len({each.number for each in found})}, otherwise for a reason: {len(count)}")
    without = {each: reading for each, reading in found.items() if not reasons[each]}
    assert not without, "\n" + listing(without)


def test_what_is_listed_as_different_is(readings):  # pylint: disable=redefined-outer-name
    read = {reading.file.number for reading in readings}
    found = differing(readings)
    gone = [each for each in corpus.known_deviations() if each.number in read and each not in found]
    assert not gone, "no deviations any more: " + ", ".join(f"{each.number}: {each}" for each in gone)


def test_a_stand_in_is_made_for_what_is_a_script():
    text = '''
        script "/a/check.sh 1 /not/one"
        # script /a/comment.sh
        vrrp_notify_fifo /run/fifo
        vrrp_notify_fifo_script /a/fifo.sh
        notify_master /a/master.sh root
        misc_path "'/a/with' /a/two"
        path /index.html
    '''
    assert corpus.furnished.scripts_named_in(text) == ["/a/check.sh", "/not/one", "/a/fifo.sh", "/a/master.sh",
                                                       "/a/with", "/a/two"]


def test_a_reason_explains_only_what_it_covers():
    reason = corpus.Reason("zero", "'0' is invalid", "")
    lines = ["(Line 3) '0' is invalid", "(Line 4) Unknown keyword 'x'"]
    assert [line for line in lines if not reason.covers(line)] == lines[1:]
    assert corpus.status_of_log([]) == 0
    assert corpus.status_of_log(lines) == 5
    assert corpus.status_of_log([*lines, "SECURITY VIOLATION - scripts"]) == 6
    assert corpus.status_of_log([*lines, "line starting `x` is missing a parameter"]) == 2


def test_each_deviation_has_a_reason_that_the_manual_gives():
    reasons = corpus.reasons()
    for each, key in corpus.known_deviations().items():
        assert key in reasons, f"{each.number}: {key!r} is no key of {corpus.REASONS}"
    with open(os.path.join(ROOT, "docs", "compatibility.md"), encoding="utf-8") as file:
        rows = {line.split(" | ")[0].removeprefix("| ").strip() for line in file if line.startswith("| ")}
    for reason in reasons.values():
        assert reason.row in rows, f"docs/compatibility.md has no row {reason.row!r} (of {reason.key})"


def test_no_file_crashes_or_floods(readings):  # pylint: disable=redefined-outer-name
    for reading in readings:
        assert reading.status in (0, 2, 4, 5, 6), f"{reading.file.name}: {reading.status}"
        assert len(reading.said) <= MOST_OUTPUT, reading.file.name
        assert reading.outcomes[0].seconds <= LONGEST_SECONDS, reading.file.name


def test_a_remark_is_made_whenever_the_exit_status_is_not_zero(readings):  # pylint: disable=redefined-outer-name
    for reading in readings:
        assert reading.status == 0 or reading.said, reading.file.name


def test_the_normalised_configuration_prints_itself(readings):  # pylint: disable=redefined-outer-name
    size = 0
    for reading in corpus.read([each.file for each in readings if each.environment == "furnished"],
                               commands=corpus.FIXED_POINT):
        assert reading.outcomes[1].status in (0, 4, 5, 6), f"{reading.file.name}: {reading.outcomes[1].said}"
        assert reading.outcomes[2].status == 0, f"{reading.file.name}: {reading.outcomes[2].printed}"
        size += int(reading.outcomes[2].printed)
    assert size > 100 * len(readings)
