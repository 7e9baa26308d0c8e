"""What the lab's tests share.  The lab needs root: it makes network namespaces and sends packets in them.

BATONLAB_KINDS  which daemons are the directors d1 and d2, e.g. "baton,baton keepalived,baton" (default: all three that
                have Baton in them; keepalived with keepalived is always played too, as the reference)
BATOND          the batond to test (default: build/release/batond)
GUIDES          a folder with a guide's own guide-master.conf and guide-backup.conf
"""
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

from batonlab import director, jobs  # noqa: E402  pylint: disable=wrong-import-position

ORDER = ("test_config", "test_failover", "test_hostile_servers", "test_reload", "test_forged", "test_scenario", "test_clusters",
         "test_vrrp_differential")
DEFAULT_KINDS = "baton,baton baton,keepalived keepalived,baton"
COMBINATIONS = [tuple(word.split(",")) for word in os.environ.get("BATONLAB_KINDS", DEFAULT_KINDS).split()]


def name_of(kinds):
    return "-".join(kinds)


def pytest_generate_tests(metafunc):
    if "kinds" in metafunc.fixturenames:
        one = getattr(metafunc.cls, "one_combination", False)
        metafunc.parametrize("kinds", COMBINATIONS[:1] if one else COMBINATIONS, ids=name_of)


def pytest_collection_modifyitems(items):
    """Timed tests first, while the machine is quiet; what runs side by side afterwards."""
    place = {name: at for at, name in enumerate(ORDER)}
    items.sort(key=lambda item: place.get(item.module.__name__, len(ORDER)))
    if os.geteuid() == 0:  # what else the machine does shall not disturb what is timed here
        os.setpriority(os.PRIO_PROCESS, 0, min(-10, os.getpriority(os.PRIO_PROCESS, 0)))
    else:
        for item in items:
            item.add_marker(pytest.mark.skip(reason="THE LAB DID NOT RUN: it needs root for network namespaces"))


FIGURES = []


@pytest.fixture
def tell():
    """Notes a figure, which is printed after the tests."""
    return lambda title, text: FIGURES.append(f"{title}: {text}")


def pytest_terminal_summary(terminalreporter):
    if FIGURES:
        terminalreporter.section("figures")
        for line in FIGURES:
            terminalreporter.line(line)


def need(kinds):
    """Fails without batond, which is what is tested; skips without keepalived, which a machine may lack."""
    for kind in kinds:
        if not director.available(kind):
            if kind == "keepalived":
                pytest.skip("keepalived is not installed: nothing to compare with")
            pytest.fail(f"there is no {director.command_for(kind).split()[0]}: build it (script/test does)")


@pytest.fixture
def directors(kinds):
    """The kinds of the two directors, both there."""
    need(kinds)
    return kinds


def present():
    """The combinations that can be played here, the reference among them."""
    wanted = dict.fromkeys([*COMBINATIONS, jobs.REFERENCE])
    return [kinds for kinds in wanted if all(director.available(kind) for kind in kinds)]


@pytest.fixture
def place(request, tmp_path):
    """The test module's own Place, in a folder of its own."""
    need(("baton",))
    made = request.module.Place(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="session")
def timings():
    return jobs.timings(present())


@pytest.fixture(scope="session")
def traces():
    return jobs.traces(present())


@pytest.fixture(scope="session")
def clusters():
    """Played side by side from the first test that asks."""
    combinations = present()
    some = [kinds for kinds in combinations if kinds in (COMBINATIONS[0], jobs.REFERENCE)]
    once = ["copied", "checks", "persistence"] + (["guide"] if os.environ.get("GUIDES") else [])
    always = [(name, kinds) for kinds in combinations for name in ("dr", "nat", "tun", "pair")]
    started = jobs.Clusters(always + [(name, kinds) for kinds in some for name in once])
    yield started
    started.close()
