"""`batond -t`: what is wrong is named with file, line and column, and the exit code is keepalived's."""
import glob
import os
import re
import shlex
import subprocess

import pytest

from batonlab.director import BATOND, ROOT, available
from batonlab.netns import Netns, Switch

INSTANCE = """\
vrrp_instance A {
    state MASTER
    interface eth0
    virtual_router_id 51
    priority 100
    advert_int 1
    virtual_ipaddress {
        192.0.2.10
    }
}
"""
#: name: (file, exit code, line of the mistake or None, word that must be named)
CASES = {
    "valid": (INSTANCE, 0, None, ""),
    "unclosed block": (INSTANCE.rstrip("}\n") + "    }\n", 5, 0, "}"),
    "unclosed before the next": (INSTANCE[:-2] + INSTANCE.replace("A", "B", 1), 5, 0, "vrrp_instance"),
    "bad address": (INSTANCE.replace("192.0.2.10", "192.0.2.300"), 5, 8, "192.0.2.300"),
    "bad prefix": (INSTANCE.replace("192.0.2.10", "192.0.2.10/33"), 5, 8, "33"),
    "missing interface": (INSTANCE.replace("eth0", "nosuch0"), 5, 3, "nosuch0"),
    "missing argument": (INSTANCE.replace("interface eth0", "interface"), 2, 3, "interface"),
    "unknown keyword": (INSTANCE.replace("    priority", "    prioritty 3\n    priority"), 5, 5, "prioritty"),
    "extra brace": (INSTANCE + "}\n", 5, 11, "}"),
    "empty": ("", 0, None, ""),
}
#: Where Baton's code differs from keepalived's 0 on purpose: a file that is not there is an error.
MISSING_FILE = 6
#: That of a file with errors that can be gone on from.
BAD_LINES = 5


@pytest.fixture(scope="module")
def host():
    """A namespace with eth0 and eth1, as a director has."""
    switch = Switch(f"bl{os.getpid() % 100000}tsw")
    netns = Netns(f"bl{os.getpid() % 100000}t")
    for number, interface in enumerate(("eth0", "eth1"), 1):
        switch.plug("t", netns, interface, f"02:00:00:00:00:{number:02x}")
    yield netns
    netns.close()
    switch.close()


def config_test(host, program, path):
    """Exit code and everything that is said of a file."""
    with host.inside():
        done = subprocess.run([*shlex.split(program), "-t", "-f", str(path)], capture_output=True, text=True,
                              timeout=20, stdin=subprocess.DEVNULL, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def batond():
    if not available("baton"):
        pytest.fail(f"there is no {BATOND}: build it (script/test does)")
    return BATOND


@pytest.fixture
def written(tmp_path):
    def write(text, name="test.conf"):
        path = tmp_path / name
        path.write_text(text)
        path.chmod(0o644)
        return path
    return write


@pytest.mark.parametrize("case", CASES)
class TestCase:
    def test_baton_says_where_and_exits_with_the_code(self, host, batond, written, case):
        text, code, line, word = CASES[case]
        path = written(text)
        exit_code, said = config_test(host, batond, path)
        assert exit_code == code, said
        if line is not None:
            places = re.findall(rf"^{re.escape(str(path))}:(\d+):(\d+): (?:error|warning): (.+)$", said, re.MULTILINE)
            assert places, said
            assert line == 0 or str(line) in [place[0] for place in places], said
            assert word in said

    def test_keepalived_exits_with_the_same_code(self, host, written, case):
        if not available("keepalived"):
            pytest.skip("keepalived is not installed: nothing to compare with")
        exit_code, said = config_test(host, "keepalived", written(CASES[case][0]))
        assert exit_code == CASES[case][1], said


def test_a_missing_file_is_an_error(host, batond, tmp_path):
    code, said = config_test(host, batond, tmp_path / "nosuch.conf")
    assert code == MISSING_FILE
    assert "nosuch.conf" in said


EXAMPLES = sorted(glob.glob(os.path.join(ROOT, "etc", "examples", "*.conf")))
GOLDEN = sorted(glob.glob(os.path.join(ROOT, "tests", "golden", "config", "*.conf")))


@pytest.mark.parametrize("path", EXAMPLES, ids=os.path.basename)
def test_the_examples_are_valid(host, batond, path):
    code, said = config_test(host, batond, path)
    assert code == 0, said
    assert not re.search(r": (error|warning): ", said), said
    if available("keepalived"):
        code, said = config_test(host, "keepalived", path)
        if os.path.basename(path) == "fullnat.conf":  # Baton's own: keepalived says what it takes it for, and goes on
            assert code == BAD_LINES and "unknown [FULLNAT]" in said and "setting default NAT" in said
            assert len(said.splitlines()) == 2, said
        elif os.path.basename(path) == "pools.conf":  # likewise, but what follows a block it does not know is lost
            assert code == BAD_LINES and "Unknown keyword 'real_server_pool'" in said, said
        else:
            assert (code, said) == (0, "")


@pytest.mark.parametrize("path", EXAMPLES + GOLDEN, ids=os.path.basename)
def test_what_was_understood_is_printed_and_reads_as_the_same(host, batond, written, path):
    def understood(name):
        with host.inside():
            done = subprocess.run([*shlex.split(batond), "-t", "-d", "-f", str(name)], capture_output=True, text=True,
                                  timeout=20, stdin=subprocess.DEVNULL, check=False)
        return done.stdout, done.stderr
    once, _ = understood(path)
    again, said = understood(written(once))
    assert again == once
    assert "unknown keyword" not in said


def test_a_keyword_is_explained(batond):
    done = subprocess.run([*shlex.split(batond), "--explain", "advert_int"], capture_output=True, text=True, timeout=20,
                          stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 0
    assert done.stdout.startswith("advert_int <dec:0.01-255 s>")


def guide_files():
    folder = os.environ.get("GUIDES")
    return [os.path.join(ROOT, "tests", "lab", "data", f"copied-{role}.conf") for role in ("master", "backup")] + (
        [os.path.join(folder, f"guide-{role}.conf") for role in ("master", "backup")] if folder else [])


@pytest.mark.parametrize("path", guide_files(), ids=os.path.basename)
def test_a_copied_guide_is_told_where_its_lines_belong(host, batond, written, path):
    with open(path, encoding="utf-8") as file:
        copy = written(re.sub(r"interface \S+", "interface eth0", file.read()))
    code, said = config_test(host, batond, copy)
    if available("keepalived"):
        assert code == config_test(host, "keepalived", copy)[0]
    assert code == 5
    lines = copy.read_text().splitlines()
    for word in ("connect_port", "nb_get_retry"):
        for number in [number for number, line in enumerate(lines, 1) if line.split()[:1] == [word]]:
            place = rf"^{re.escape(str(copy))}:{number}:\d+: (error|warning): .*{word}"
            assert re.search(place, said, re.MULTILINE), said
    assert "TCP_CHECK" in said
