"""What goes with an IPVS table: the sync daemon follows its instance, foreign services are let be or flushed as the file says,
the table is whole before its address is there, and a group may have thousands of services."""
import pytest

from batonlab import kernel_story

LIMIT = 300  # seconds; 60 are normal
FOREIGN = "-A -t 198.51.100.9:80 -s rr"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What surroundings_story.sh has told, by its first words."""
    return kernel_story.told("surroundings_story.sh", tmp_path_factory.mktemp("surroundings"), LIMIT)


def test_the_sync_daemon_follows_its_instance(told):  # pylint: disable=redefined-outer-name
    for words in ("sync as master", "sync as master again"):
        assert "master sync daemon (mcast=eth0, syncid=7" in told[words]
        assert "backup" not in told[words]
    assert "backup sync daemon (mcast=eth0, syncid=7" in told["sync as backup"]
    assert "master" not in told["sync as backup"]
    assert told["sync when stopped"] == "[]"


def test_foreign_services_are_let_be(told):  # pylint: disable=redefined-outer-name
    assert told["beside a foreign service"] == "2"
    assert told["a stop leaves"].strip() == FOREIGN
    assert told["of a large table a stop leaves"].strip() == FOREIGN


def test_a_large_table_goes_at_once_only_when_it_is_all_ours(told):  # pylint: disable=redefined-outer-name
    assert told["a large table"] == "1 at once, 0 left"
    assert told["a large table and one more of IPv6"] == "1 at once, 1 left"


def test_foreign_services_are_flushed_when_the_file_says_so(told):  # pylint: disable=redefined-outer-name
    assert told["lvs_flush leaves"] == "1"
    assert told["lvs_flush_on_stop leaves"] == "0"
    assert told["lvs_flush_on_stop VS leaves"] == "1"


def test_the_table_is_whole_before_its_address_is_there(told):  # pylint: disable=redefined-outer-name
    assert told["services when the address came"] == "2000"


def test_servers_that_come_back_together_all_grow_to_their_weights(told):  # pylint: disable=redefined-outer-name
    assert told["full weights after slow_start"] == "20"


def test_a_large_group(told):  # pylint: disable=redefined-outer-name
    assert told["a large group"] == "8192"
    assert told["and without it"] == "0"
