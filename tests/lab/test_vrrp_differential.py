"""VRRP, case by case beside keepalived 2.2.7: after each step the trace is the one that two keepalived leave, whichever place
of the pair Baton has.

BATONLAB_KINDS  the pairings (conftest.py); "keepalived,keepalived" proves that no case tells by chance, and there nothing is
                expected to differ.
"""
import pytest

from batonlab import vrrp_cases, vrrp_differential
from batonlab.jobs import REFERENCE
from batonlab.netns import LabError
from batonlab.vrrp_expected import DEVIATIONS, NOT_YET, SET_ASIDE_YET
from conftest import COMBINATIONS, need

PAIRINGS = [vrrp_differential.AGAIN if kinds == REFERENCE else kinds for kinds in COMBINATIONS]
#: What must differ; between two of a kind nothing may.
KNOWN = {**NOT_YET, **DEVIATIONS} if any("baton" in kinds for kinds in PAIRINGS) else {}


@pytest.fixture(scope="module")
def played(request):
    """({(case, pairing): differences}, {(case, kinds): facts}) of each case that is asked for."""
    for kinds in (REFERENCE, *PAIRINGS):
        need(kinds[:2])
    names = dict.fromkeys(item.callspec.params["name"] for item in request.session.items
                          if item.module is request.module
                          and "name" in getattr(getattr(item, "callspec", None), "params", ()))
    return vrrp_differential.play_again(list(names), PAIRINGS, KNOWN)


def marked(name):
    marks = [pytest.mark.xfail(reason=KNOWN[name], raises=AssertionError, strict=True)] if name in KNOWN else []
    return pytest.param(name, id=name, marks=marks)


@pytest.mark.parametrize("name", [marked(name) for name in vrrp_cases.CASES])
def test_the_trace_is_that_of_two_keepalived(played, name):  # pylint: disable=redefined-outer-name
    differences, facts = played
    trouble = vrrp_differential.trouble(facts[name, REFERENCE])
    if trouble:
        raise LabError(trouble)
    found = {kinds: vrrp_differential.as_text(differences[name, kinds]) for kinds in PAIRINGS}
    assert not any(found.values()), "".join(f"\n{'-'.join(kinds)}, {text}" for kinds, text in found.items() if text)


def test_what_is_known_to_differ_is_a_case():
    assert not {*NOT_YET, *DEVIATIONS} - vrrp_cases.CASES.keys()


@pytest.mark.parametrize("part", SET_ASIDE_YET)
def test_what_is_set_aside_does_differ(played, part):  # pylint: disable=redefined-outer-name
    _, facts = played
    passing = [name for name in vrrp_cases.CASES if name not in KNOWN and (name, REFERENCE) in facts]
    if not passing or not KNOWN:
        pytest.skip("no case was played in which Baton is set beside keepalived")
    assert any(vrrp_differential.differs(facts[name, REFERENCE], facts[name, kinds], part)
               for name in passing for kinds in PAIRINGS), f"{part} need not be set aside any more"
