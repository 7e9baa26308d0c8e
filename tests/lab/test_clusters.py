"""Whole clusters, LVS-NAT, -DR, -TUN and the guides' pair, with failovers; on this kernel or in user-mode Linux."""
import itertools
import os
import re

import pytest

from batonlab import jobs, stories

MODES = ["dr", "nat", "tun"]
WEIGHTS = {name: cls.weights for name, (cls, _) in stories.STORIES.items() if name in MODES}
#: The client asks every 100 ms; a busy machine may cost it so many requests more than the protocol's own time.  Far
#: fewer than the 30 that tell a resignation from a silence: figures to the millisecond are test_failover.py's.
SPARE = 15


@pytest.fixture
def story(directors, name, clusters):
    """What happened, step by step."""
    facts = clusters.facts(name, directors)
    facts["kinds"] = directors
    return facts


@pytest.fixture
def reference(name, clusters):
    return clusters.facts(name, jobs.REFERENCE)


def step(facts, name):
    """The facts of a step; fails when the story broke off before its end."""
    if "broken" in facts and (name not in facts or name == facts["last step"]):
        reason = facts["broken"].strip().splitlines()[-1][:300]
        pytest.fail(f"the story broke off in {facts.get('last step', 'the beginning')}: {reason}", pytrace=False)
    return facts[name]


def came_to_its_end(facts):
    if "broken" in facts:
        logs = "\n".join(f"--- {name}'s log\n{text}" for name, text in facts.get("logs", {}).items())
        pytest.fail(f"the story broke off\n{facts['broken']}\n{logs}", pytrace=False)


def counts(pages):
    return {page: pages.count(page) for page in sorted(set(pages))}


def held(snapshot):
    return {name: snapshot[name]["addresses"] for name in ("d1", "d2")}


def tables(snapshot):
    return {name: snapshot[name]["ipvs"] for name in ("d1", "d2")}


def settled_steps(cls):
    """The steps after which addresses and tables are the same whoever made the daemons."""
    return [name for name in cls.steps if name not in ("share", "stay", "kill_checkers", "kill_master")]


def same(story, reference, name):
    mine, theirs = step(story, name), step(reference, name)
    assert held(mine) == held(theirs)
    assert tables(mine) == tables(theirs)


@pytest.mark.parametrize("name", MODES)
class TestCluster:
    def test_the_story_came_to_its_end(self, story):
        came_to_its_end(story)

    @pytest.mark.parametrize("at", settled_steps(stories.ClusterStory))
    def test_addresses_and_table_are_the_same_as_with_two_keepalived(self, story, reference, at):
        same(story, reference, at)

    def test_the_real_servers_take_turns_by_weight(self, story, name):
        facts, weights = step(story, "share"), WEIGHTS[name]
        pages, turn = facts["pages"], sum(weights)
        assert len(pages) == 30
        for at in range(len(pages) - turn + 1):
            assert counts(pages[at:at + turn]) == {"rs1": weights[0], "rs2": weights[1]}, f"at request {at}"

    def test_the_kernel_counted_what_was_asked(self, story, name):
        facts = step(story, "share")
        pages, counted = counts(facts["pages"]), facts["connections"]
        for host in ("rs1", "rs2"):
            connections, packets_in, packets_out = counted[host]
            assert abs(connections - pages[host]) <= 2
            assert packets_in > 0
            assert (packets_out > 0) == (name == "nat"), "only with NAT do answers pass the director"

    def test_a_dead_server_gets_nothing_and_returns(self, story):
        assert set(step(story, "lose_one")["pages"]) == {"rs2"}
        assert set(step(story, "mend")["pages"]) == {"rs1", "rs2"}
        assert step(story, "lose_one")["seconds"] < 10

    def test_an_inhibited_server_stays_with_weight_0(self, story):
        for name in ("d1", "d2"):
            rows = [row for row in tables(step(story, "lose_one"))[name] if row.startswith("-a")]
            assert sorted(re.search(r"-w (\d+)", row).group(1) for row in rows) == ["0", "1"]

    def test_the_sorry_server_answers_when_none_is_left(self, story):
        assert set(step(story, "lose_both")["pages"]) == {"sorry"}

    def test_after_term_the_backup_serves(self, story):
        facts = step(story, "stop_master")
        assert facts["ended"]["code"] == 0
        assert facts["outage"]["milliseconds"] is not None, "the client never got an answer again"
        assert facts["outage"]["lost"] <= 8 + SPARE, "0.8 s of skew time"
        assert not facts["other holds the VIP"]
        assert tables(facts)["d1"] == [], "its services are gone"

    def test_term_stops_soon(self, story):
        """Within a second on a machine of its own (test_failover.py); here four clusters share a slow processor."""
        assert step(story, "stop_master")["ended"]["seconds"] <= 4.0

    def test_after_kill_the_backup_serves(self, story, name, tell):
        facts = step(story, "kill_master")
        tell(f"KILL of everything, LVS-{name.upper()}, {'-'.join(story['kinds'])}",
             f"{facts['outage']['lost']} requests lost, outage {facts['outage']['milliseconds']} ms")
        assert facts["outage"]["milliseconds"] is not None, "the client never got an answer again"
        assert facts["outage"]["lost"] <= 38 + SPARE, "3.8 s of master-down interval"
        if story["kinds"][0] == "baton":
            assert not facts["other holds the VIP"], "two hold the VIP"

    @pytest.mark.parametrize("at", ["return_stopped", "return_killed"])
    def test_the_old_master_returns(self, story, at):
        facts = step(story, at)
        assert facts["seconds"] < 12
        assert facts["outage"]["lost"] <= SPARE

    def test_a_real_server_is_added_by_reload_and_nothing_lost(self, story, reference):
        assert step(story, "reload_server")["lost"] <= max(1, step(reference, "reload_server")["lost"])

    def test_persistence_keeps_a_client_with_one_server(self, story):
        pages = step(story, "reload_persistent")["pages"]
        assert [len(set(asked)) for asked in pages] == [1, 1]
        for name in ("d1", "d2"):
            service = [row for row in tables(step(story, "reload_persistent"))[name] if row.startswith("-A")]
            assert service and service[0].endswith("-p 50")

    def test_kill_of_the_checkers_role_goes_unnoticed(self, story):
        if story["kinds"][0] != "baton":
            pytest.skip("a keepalived whose checker is killed empties its table")
        facts = step(story, "kill_checkers")
        assert facts["restarted"], "the role was not started again"
        assert len(facts["tables"]) == 1, "the table changed"
        assert facts["lost"] == 0

    def test_everything_is_gone_at_the_end(self, story):
        facts = step(story, "stop_all")
        assert [facts["ended"][name][0] for name in ("d1", "d2")] == [0, 0]
        assert tables(facts) == {"d1": [], "d2": []}


class PairTests:
    """What holds for the pair, however its files were written."""

    def test_the_story_came_to_its_end(self, story):
        came_to_its_end(story)

    @pytest.mark.parametrize("at", settled_steps(stories.PairStory))
    def test_addresses_and_table_are_the_same_as_with_two_keepalived(self, story, reference, at):
        same(story, reference, at)

    def test_the_page_stays_and_the_neighbour_changes(self, story):
        seen = [step(story, at) for at in ("stay", "stop_master", "return_stopped")]
        assert [facts["mac"] for facts in seen] == ["02:00:00:00:00:01", "02:00:00:00:00:02", "02:00:00:00:00:01"]
        for facts in seen:
            assert len(set(facts["pages"])) == 1, "persistence: one server for one client"
        assert seen[1]["outage"]["lost"] <= 8 + SPARE


@pytest.mark.parametrize("name", ["pair"])
class TestPair(PairTests):
    pass


@pytest.mark.parametrize("name", ["copied"] + (["guide"] if os.environ.get("GUIDES") else []))
class TestCopiedPair(PairTests):
    one_combination = True

    def test_mistakes_are_named(self, story):
        for director, kind in zip(("d1", "d2"), story["kinds"]):
            log = step(story, "elect")["logs"][director]
            for word in ("connect_port", "nb_get_retry"):
                assert log.count(word) >= 2, f"{kind} on {director} says nothing of {word}"
            if kind == "baton":
                assert "TCP_CHECK" in log, "where the lines belong"


@pytest.mark.parametrize("name", ["checks"])
class TestChecks:
    one_combination = True

    def test_the_story_came_to_its_end(self, story):
        came_to_its_end(story)

    @pytest.mark.parametrize("at", stories.ChecksStory.steps)
    def test_pages_are_judged_as_keepalived_judges_them(self, story, reference, at):
        same(story, reference, at)

    @pytest.mark.parametrize("at,servers", [("elect", 2), ("lose_tls", 1), ("mend_tls", 2), ("wrong_page", 1),
                                            ("right_page", 2), ("stop_all", 0)])
    def test_the_table_has_the_servers_whose_pages_are_right(self, story, at, servers):
        for rows in tables(step(story, at)).values():
            assert len([row for row in rows if row.startswith("-a")]) == servers


@pytest.mark.parametrize("name", ["persistence"])
class TestPersistence:
    """Three clients, each with the server that it had: by port, by VIP, by mark."""

    one_combination = True

    def test_the_story_came_to_its_end(self, story):
        came_to_its_end(story)

    @pytest.mark.parametrize("at", ["elect", "stop_all"])
    def test_addresses_and_table_are_the_same_as_with_two_keepalived(self, story, reference, at):
        same(story, reference, at)

    @pytest.mark.parametrize("at", ["one_port", "one_client", "one_mark"])
    def test_a_client_has_one_server_for_all_ports_of_a_service(self, story, at):
        servers = {client: {page for asked in ports.values() for page in asked}
                   for client, ports in step(story, at)["pages"].items()}
        assert [len(each) for each in servers.values()] == [1, 1, 1]
        assert set.union(*servers.values()) == {"rs1", "rs2"}, "not all clients have the same"

    def test_what_has_no_mark_goes_round(self, story):
        for asked in step(story, "one_mark")["free"].values():
            assert set(asked["22"]) == {"rs1", "rs2"}


@pytest.mark.parametrize("name", MODES)
def test_the_reference_shows_what_it_should(name, reference):
    """The measure itself: were it empty, every comparison would pass."""
    rows = tables(step(reference, "elect"))["d1"]
    assert [row[:2] for row in rows] == ["-A", "-a", "-a"]
    assert [len(list(group)) for _, group in itertools.groupby(tables(step(reference, "lose_both"))["d1"],
                                                              lambda row: row[:2])] == [1, 2]
    assert tables(step(reference, "stop_all"))["d1"] == []
