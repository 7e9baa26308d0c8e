"""Real servers that mean harm: each check ends in its time with its reason, and nobody else is checked later for it."""
import re

import pytest

from batonlab import hostile
from conftest import need

#: Words that tell why, for those of whom the reason is certain.
REASONS = {"endless headers": "header", "large headers": "header", "large header": "header", "nothing": "within",
           "slow headers": "within", "slow body": "within", "TLS with nothing": "within", "alert": "alert|handshake"}


@pytest.fixture(scope="module")
def facts():
    need(["baton"])
    return hostile.play()


def said(facts, name):  # pylint: disable=redefined-outer-name
    """What the log tells of the checks of a server."""
    return [line for line in facts["log"].splitlines() if f"[{facts['addresses'][name]}]:tcp:80" in line]


@pytest.mark.parametrize("name", hostile.SERVERS)
class TestHostileServer:
    def test_its_check_ends_in_time(self, facts, name):
        longest = facts["longest"][name]
        assert longest is not None, "it was never checked"
        assert longest <= hostile.DEADLINE + hostile.SPARE

    def test_its_check_fails_with_a_reason(self, facts, name):
        failures = [line for line in said(facts, name) if re.search(r"failed: \S", line)]
        assert failures, "\n".join(said(facts, name))
        if name in REASONS:
            reason = failures[0].split("failed: ", 1)[1]
            assert re.search(REASONS[name], reason), reason


@pytest.mark.parametrize("name", hostile.NEIGHBOURS)
def test_a_neighbour_is_checked_on_time(facts, name, tell):
    intervals = facts["intervals"][name]
    tell(f"{name} of hostile servers", f"asked {len(intervals) + 1} times, at most {max(intervals):.2f} s apart")
    assert len(intervals) >= 0.6 * hostile.WATCH / hostile.DELAY
    assert sorted(intervals)[-2] <= hostile.DELAY + 0.5, "once the machine may have been busy otherwise"
    assert max(intervals) <= hostile.DELAY + 1.5
    assert not [line for line in said(facts, name) if "failed" in line]


def test_batond_lived_on_and_ended_as_asked(facts):
    code, seconds = facts["ended"]
    assert code == 0
    assert seconds <= 3
    assert "respawn" not in facts["log"] and "ended with status" not in facts["log"].replace(
        "role ipvs ended with status 0", ""), facts["log"][-3000:]
