"""Health checks and IPVS, case by case beside keepalived 2.2.7: after each step both show the same table and have told the
same, in user-mode Linux.

DIFFERENTIAL_KINDS  the two daemons (default "keepalived,baton"); "keepalived,keepalived" proves that no case tells by
                    chance, and there nothing is expected to differ.
"""
import os

import pytest

from batonlab import differential, differential_cases, uml
from batonlab.differential_expected import DEVIATIONS, NOT_YET
from batonlab.director import ROOT
from conftest import need

KINDS = tuple(os.environ.get("DIFFERENTIAL_KINDS", ",".join(differential.KINDS)).split(","))
#: What must differ; between two of a kind nothing may.
KNOWN = {**NOT_YET, **DEVIATIONS} if "baton" in KINDS else {}


@pytest.fixture(scope="module")
def facts(request):
    """What both showed in each case that is asked for."""
    need(KINDS)
    if uml.missing():
        pytest.skip(f"THE TABLE OF CASES WAS NOT PLAYED: {uml.missing()}")
    names = dict.fromkeys(item.callspec.params["name"] for item in request.session.items
                          if item.module is request.module and hasattr(item, "callspec"))
    return differential.play_again(KINDS, names, KNOWN)


def marked(name):
    marks = [pytest.mark.xfail(reason=KNOWN[name], strict=True)] if name in KNOWN else []
    return pytest.param(name, id=name, marks=marks)


@pytest.mark.parametrize("name", [marked(name) for name in differential_cases.CASES])
def test_both_show_the_same(facts, name):  # pylint: disable=redefined-outer-name
    found = differential.differences(facts[name])
    assert not found, "\n" + found


def test_what_is_known_to_differ_is_a_case():
    assert not {*NOT_YET, *DEVIATIONS} - differential_cases.CASES.keys()


def test_each_deviation_is_in_the_manual():
    with open(os.path.join(ROOT, "docs", "compatibility.md"), encoding="utf-8") as file:
        rows = {line.split(" | ")[0].removeprefix("| ").strip() for line in file if line.startswith("| ")}
    assert not set(DEVIATIONS.values()) - rows
