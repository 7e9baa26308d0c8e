"""How long a take-over takes.  Figures are printed; what is asserted are the bounds that Baton promises."""
import pytest

from batonlab import timing

#: What a take-over may last longer than the protocol's own floor, in seconds.
ALLOWED = 0.100


@pytest.fixture
def rounds(directors, variant, timings):
    return timings.result((variant, directors))


@pytest.mark.parametrize("variant", ["v2", "v3"])
class TestTakeover:
    def test_after_term_the_backup_waits_its_skew_time(self, rounds, directors, variant, tell):
        found = rounds["term"]
        tell(f"TERM of the master, {variant}, {'-'.join(directors)}",
             f"first ARP {timing.median(found, 'excess') * 1000:.1f} ms over the floor, "
             f"the client's outage {timing.median(found, 'outage'):.0f} ms, {timing.median(found, 'lost')} requests")
        assert 0 <= timing.median(found, "excess") <= ALLOWED
        assert [entry["code"] for entry in found] == [0] * len(found)

    def test_term_stops_within_a_second(self, rounds, directors):
        if directors[0] != "baton":
            pytest.skip("keepalived takes a little more than a second")
        for entry in rounds["term"]:
            assert entry["stopped"] <= 1.0
            assert not entry["held"], "it still held the VIP when it had ended"

    def test_after_kill_the_backup_waits_the_master_down_interval(self, rounds, directors, variant, tell):
        found = rounds["kill_all"]
        outages = ", ".join("none" if entry["outage"] == 0 else f"{entry['outage']:.0f} ms" for entry in found)
        tell(f"KILL of everything, {variant}, {'-'.join(directors)}",
             f"first ARP {timing.median(found, 'excess') * 1000:.1f} ms over the floor, the client's outages {outages}")
        assert 0 <= timing.median(found, "excess") <= ALLOWED

    def test_a_dead_director_no_longer_holds_the_vip(self, rounds, directors):
        if directors[0] != "baton":
            pytest.skip("a killed keepalived keeps its addresses for ever")
        for entry in rounds["kill_all"]:
            assert entry["held_until"] is not None, "it still holds the VIP"
            assert entry["held_until"] < entry["advert"], "the backup was master while the dead one held the VIP"

    def test_kill_of_the_vrrp_role_goes_unnoticed(self, rounds, directors, variant, tell):
        if directors[0] != "baton":
            pytest.skip("a keepalived whose VRRP process is killed gives up its addresses")
        for entry in rounds["kill_vrrp"]:
            tell(f"KILL of the vrrp role, {variant}, {'-'.join(directors)}",
                 f"{entry['lost']} of {entry['asked']} requests lost, longest silence {entry['longest silence']:.2f} s")
            assert entry["restarted"], "the role was not started again"
            assert entry["lost"] == 0 < entry["asked"]
            assert entry["adverts of d2"] == 0 and entry["calls of d2"] == [], "the backup became master"
            assert entry["calls of d1"] == [], "its state changed"
            assert entry["always held"], "the VIP went away for a while"
            assert entry["longest silence"] < 3
