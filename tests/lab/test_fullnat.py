"""FULLNAT: real servers with no route to the client answer, through IPVS and a rule of the packet filter."""
import pytest

from batonlab import kernel_story

LIMIT = 120  # seconds; 20 are normal


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What fullnat_story.sh has told, by its first words."""
    return kernel_story.told("fullnat_story.sh", tmp_path_factory.mktemp("fullnat"), LIMIT,
                             {"iptables-legacy": "iptables is not installed: user-mode Linux has no chains of nft"})


def test_nat_alone_needs_a_way_back(told):  # pylint: disable=redefined-outer-name
    assert told["nat"] == "nothing"


def test_fullnat_answers_from_the_directors_address(told):  # pylint: disable=redefined-outer-name
    assert told["fullnat"] == "a page"
    assert told["seen from"].strip() == "10.2.0.1"
    assert told["conntrack"] == "1"
    assert told["rules"] == "1"


def test_the_rule_outlives_a_crash_once(told):  # pylint: disable=redefined-outer-name
    assert told["after a crash"] == "a page, rules: 1"


def test_the_rule_goes_with_the_daemon(told):  # pylint: disable=redefined-outer-name
    assert told["stopped"] == "rules 0, services 0"
