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


def test_the_reference_shows_what_it_should(played):  # pylint: disable=redefined-outer-name
    """The measure itself: were it empty, every comparison would pass."""
    _, facts = played
    if ("v3", REFERENCE) not in facts:
        pytest.skip("the case v3 was not played")
    steps = facts["v3", REFERENCE]["steps"]
    traces = [noted["trace"] for noted in steps]
    assert [trace["holders"] for trace in traces] == [["a"], ["a"], ["b"], ["a"], ["a"], [""]]
    assert [trace["speakers"][0].partition(": ")[2] for trace in traces] == ["a/150", "", "a/0 b/100", "a/150", "", "a/0"]
    assert traces[2]["a fifo"] == ['INSTANCE "VI_1" STOP 150'] and traces[2]["b scripts"] == ["INSTANCE VI_1 MASTER 100"]
    assert traces[2]["b bursts"] == ["10 x b-eth0: ARP 10.0.0.100"]
    advert = "v3 vrid 51 priority 100 every 0.4 s, 10.0.0.2 > 224.0.0.18 ttl 255, 02:00:00:00:00:02 >"
    assert advert in traces[2]["b adverts"][0]
    assert "eth0 inet 10.0.0.100/32 scope global eth0" in traces[2]["b addresses"]


@pytest.mark.parametrize("part", SET_ASIDE_YET)
def test_what_is_set_aside_does_differ(played, part):  # pylint: disable=redefined-outer-name
    _, facts = played
    passing = [name for name in vrrp_cases.CASES if name not in KNOWN and (name, REFERENCE) in facts]
    if not passing or not KNOWN:
        pytest.skip("no case was played in which Baton is set beside keepalived")
    assert any(vrrp_differential.differs(facts[name, REFERENCE], facts[name, kinds], part)
               for name in passing for kinds in PAIRINGS), f"{part} need not be set aside any more"
