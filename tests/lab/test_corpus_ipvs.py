"""Strangers' configurations in a kernel: Baton's IPVS table is keepalived's, or another for a reason that is written down.

The files are not Baton's and are not here: CORPUS names their folder (see batonlab/corpus.py).  Played in user-mode Linux.
"""
import os

import pytest

from batonlab import corpus, corpus_ipvs, uml
from batonlab.director import BATOND, ROOT, available


@pytest.fixture(scope="module")
def found():
    """{file: what is different in the table of Baton, '' for nothing}."""
    if not corpus.available():
        pytest.skip(f"NO STRANGER'S FILE WAS PLAYED: there is no {corpus.FOLDER} (CORPUS names another)")
    if uml.missing():
        pytest.skip(f"NO STRANGER'S FILE WAS PLAYED: {uml.missing()}")
    if not available("baton"):
        pytest.fail(f"there is no {BATOND}: build it (script/test does)")
    some = corpus_ipvs.files()
    tables = corpus_ipvs.tables(some)
    differing = {file: corpus_ipvs.difference(file, tables[file.number]) for file in some}
    return {file.name: (file.number, text) for file, text in differing.items()}


def test_each_table_is_keepalived_s(found, tell):  # pylint: disable=redefined-outer-name
    known = corpus_ipvs.known_deviations()
    count = sum(1 for _, text in found.values() if not text)
    tell("strangers' IPVS tables", f"{len(found)}, as keepalived's: {count}, otherwise for a reason: "
         f"{sum(1 for number, text in found.values() if text and number in known)}")
    wrong = "\n".join(f"=== {name}\n{text}" for name, (number, text) in found.items() if text and number not in known)
    assert not wrong, "\n" + wrong


def test_what_is_listed_as_different_is(found):  # pylint: disable=redefined-outer-name
    same = {number for number, text in found.values() if not text}
    gone = same & corpus_ipvs.known_deviations().keys()
    assert not gone, f"no deviations any more: {' '.join(sorted(gone))}"


def test_each_deviation_has_a_reason():
    with open(os.path.join(ROOT, "docs", "compatibility.md"), encoding="utf-8") as file:
        rows = {line.split(" | ")[0].removeprefix("| ").strip() for line in file if line.startswith("| ")}
    for number, (reason, row) in corpus_ipvs.known_deviations().items():
        assert reason, number
        assert not row or row in rows, f"{number}: docs/compatibility.md has no row {row!r}"
