"""Pools by name: what dnsmasq answers is in the kernel's table, and stays there when it answers no more."""
import pytest

from batonlab import kernel_story

LIMIT = 240  # seconds; 60 are normal


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What pools_story.sh has told, by its first words."""
    return kernel_story.told("pools_story.sh", tmp_path_factory.mktemp("pools"), LIMIT,
                             {"dnsmasq": "dnsmasq is not installed (package dnsmasq-base)"})


FIRST = "10.2.0.1:8080 w3,10.2.0.2:8080 w3 | 127.0.0.1:8081 w5 | 10.2.0.8:80 w1,10.2.0.9:80 w7"
SECOND = "10.2.0.2:8080 w3,10.2.0.3:8080 w3 | 127.0.0.1:8081 w6 | 10.2.0.8:80 w1,10.2.0.9:80 w7"
THIRD = "10.2.0.3:8080 w3 | 127.0.0.1:8081 w6 | 10.2.0.8:80 w1,10.2.0.9:80 w7"


def test_without_an_answer_a_pool_is_empty_and_nothing_hangs(told):  # pylint: disable=redefined-outer-name
    assert told["without DNS"] == "10.2.0.200:80 w1 |  | 10.2.0.9:80 w7"
    assert told["in force"] == "1"


def test_records_become_servers_that_are_checked(told):  # pylint: disable=redefined-outer-name
    assert told["with DNS"] == FIRST


def test_a_new_answer_changes_what_differs(told):  # pylint: disable=redefined-outer-name
    assert told["changed"] == SECOND
    assert told["commands"] == "3"
    assert told["said"] != ""
    assert told["notify_down"] == "ran"


def test_a_dead_name_server_changes_nothing_and_is_told_once(told):  # pylint: disable=redefined-outer-name
    assert told["DNS dead"] == SECOND
    assert told["told"] == "1"


def test_the_table_outlives_the_daemon_while_dns_is_dead(told):  # pylint: disable=redefined-outer-name
    assert told["killed"] == SECOND
    assert told["started again"] == SECOND
    assert told["commands of the start"] == "0"
    assert told["roles started again"] == SECOND


def test_a_stopped_daemon_starts_with_the_last_good_answer(told):  # pylint: disable=redefined-outer-name
    assert told["stopped"] == "0"
    assert told["started without DNS"] == SECOND
    assert told["DNS again"] == THIRD


def test_the_systems_name_server_and_search_list(told):  # pylint: disable=redefined-outer-name
    assert told["by the system"] == THIRD


def test_a_first_start_has_the_answers_before_vrrp_begins(told):  # pylint: disable=redefined-outer-name
    assert told["in force with DNS"] == THIRD
