"""Health checks and IPVS, case by case beside keepalived 2.2.7: after each step both show the same table and have told the
same, in user-mode Linux.

DIFFERENTIAL_KINDS  the two daemons (default "keepalived,baton"); "keepalived,keepalived" proves that no case tells by
                    chance, and there nothing is expected to differ.
"""
import os

import pytest

from batonlab import differential, differential_cases, uml
from batonlab.differential_expected import DEVIATIONS, NOT_YET
from conftest import need

KINDS = tuple(os.environ.get("DIFFERENTIAL_KINDS", ",".join(differential.KINDS)).split(","))


@pytest.fixture(scope="module")
def facts(request):
    """What both showed in each case that is asked for."""
    need(KINDS)
    if uml.missing():
        pytest.skip(f"THE TABLE OF CASES WAS NOT PLAYED: {uml.missing()}")
    names = dict.fromkeys(item.callspec.params["name"] for item in request.session.items
                          if item.module is request.module and hasattr(item, "callspec"))
    return differential.play_again(KINDS, names, {**NOT_YET, **DEVIATIONS}.keys() if "baton" in KINDS else set())


def expected(name, what):
    """The marks of a test: what is known to differ must do so, until its line is taken away."""
    known = {**NOT_YET, **DEVIATIONS}
    reason = known.get((name, what)) or known.get((name, None))
    return [pytest.mark.xfail(reason=reason, strict=True)] if reason and "baton" in KINDS else []


@pytest.mark.parametrize("name,what", [pytest.param(name, what, marks=expected(name, what), id=f"{name}-{what}")
                                       for name in differential_cases.CASES for what in differential.WHAT])
def test_both_show_the_same(facts, name, what):  # pylint: disable=redefined-outer-name
    found = differential.difference(facts[name], what)
    assert not found, "\n" + found


def test_what_is_expected_is_a_case():
    for name, what in [*NOT_YET, *DEVIATIONS]:
        assert name in differential_cases.CASES and what in (*differential.WHAT, None), name
