"""Two directors on one switch: every step leaves the same trace as with two keepalived, whoever made the daemons."""
import pytest

from batonlab import jobs, pair

STEPS = [step for step, _, _ in pair.STEPS]
OWN = {name: f"{address}/8" for name, address in pair.ADDRESSES.items()}


def shorten(frames):
    """[(frame, how often in a row)], so that a difference can be read."""
    short = []
    for frame in frames:
        if short and short[-1][0] == frame:
            short[-1][1] += 1
        else:
            short.append([frame, 1])
    return short


@pytest.fixture
def compared(directors, variant, step, traces):
    """(the kinds, what was seen, what two keepalived would have shown) in one step."""
    seen = traces.result((variant, directors))
    return directors, seen[step], traces.result((variant, jobs.REFERENCE))[step]


@pytest.mark.parametrize("variant", pair.VARIANTS)
@pytest.mark.parametrize("step", STEPS)
class TestStep:
    def test_adverts_are_the_same_bytes_in_the_same_order(self, compared):
        _, seen, reference = compared
        assert seen["adverts"] == reference["adverts"]

    @pytest.mark.parametrize("name", ["d1", "d2"])
    def test_addresses_are_the_same(self, compared, step, name):
        kinds, seen, reference = compared
        if step == "kill-master" and name == "d1" and kinds[0] == "baton":
            assert [entry[0] for entry in seen["d1"]["addresses"]] == [OWN["d1"]], "its leases ran out"
        else:
            assert seen[name]["addresses"] == reference[name]["addresses"]

    @pytest.mark.parametrize("name", ["d1", "d2"])
    def test_gratuitous_arp_is_the_same(self, compared, name):
        _, seen, reference = compared
        assert seen[name]["garp after"] == reference[name]["garp after"]
        assert [shorten(burst) for burst in seen[name]["garp"]] == [shorten(burst) for burst in reference[name]["garp"]]

    @pytest.mark.parametrize("name", ["d1", "d2"])
    def test_notify_calls_are_the_same(self, compared, name):
        _, seen, reference = compared
        assert seen[name]["notify"] == reference[name]["notify"]


@pytest.mark.parametrize("variant", pair.VARIANTS)
def test_the_reference_shows_what_it_should(variant, traces):
    """The measure itself: were it empty, every comparison would pass."""
    reference = traces.result((variant, jobs.REFERENCE))
    held = {step: [name for name in ("d1", "d2") if pair.VIP + "/32" in dict(
        entry[:2] for entry in reference[step][name]["addresses"])] for step in STEPS}
    assert held == {"start": ["d1"], "term-master": ["d2"], "restart-master": ["d1"], "kill-master": ["d1", "d2"],
                    "restart-killed": ["d1"], "link-down": ["d2"], "link-up": ["d1"], "stop-backup": ["d1"],
                    "stop-last": []}
    assert [len(burst) for burst in reference["start"]["d1"]["garp"]] == [5 * len(pair.VIPS)] * 2
    assert reference["start"]["d1"]["garp after"] == [0, 5]
    assert "notify INSTANCE VI_1 MASTER 100" in reference["start"]["d1"]["notify"]
    assert len(reference["term-master"]["adverts"]) == 2, "priority 0 of d1, then d2's own"
