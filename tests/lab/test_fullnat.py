"""FULLNAT: real servers with no route to the client answer, through IPVS and a rule of the packet filter."""
import os
import shutil

import pytest

from batonlab import uml
from batonlab.director import BATOND, ROOT, available

LIMIT = 120  # seconds; 20 are normal


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What fullnat_story.sh has told, by its first words."""
    if not available("baton"):
        pytest.fail(f"there is no {BATOND}: build it (script/test does)")
    if uml.missing():
        pytest.skip(uml.missing())
    if not shutil.which("iptables-legacy"):
        pytest.skip("iptables is not installed: user-mode Linux has no chains of nft")
    folder = tmp_path_factory.mktemp("fullnat")
    with open(folder / "output", "w", encoding="utf-8") as output:
        uml.run([os.path.join(ROOT, "tests/lab/fullnat_story.sh"), os.path.abspath(BATOND)], str(folder), ROOT, LIMIT,
                output=output)
    text = (folder / "output").read_text(encoding="utf-8", errors="replace").replace("\r", "")
    print(text)
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)


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
