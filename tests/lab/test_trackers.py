"""What directors track without a script: processes beside keepalived 2.2.7, and gateways, which are Baton's own.

keepalived hears of processes from the kernel alone, which tells nothing in a network namespace ("Failed to set/clear process
event listen - errno 111"): here a preloaded library lends it the machine's connector.  Baton is played in both ways: looking
once a second, which is what it does in a namespace by itself, and told by the kernel through the same library.
"""
import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from batonlab import vrrp_differential, vrrp_play
from batonlab.differential_text import block
from batonlab.director import COMMANDS, wait_until
from batonlab.vrrp_cases_process import CASES
from batonlab.vrrp_steps import Case
from batonlab.vrrp_text import both
from batonlab.vrrp_world import World
from conftest import need

LIBRARY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "batonlab", "process_connector.c")
#: Worlds at a time; and how often what differs is played once more: a daemon that waits for the processor is taken for dead.
CROWD, AGAIN = 16, 2
#: Seconds: until a director has changed its state.
DEADLINE = 15.0
GATEWAY = "10.0.0.254"


@pytest.fixture(scope="module")
def told_kinds(tmp_path_factory):
    """{kind: the command of a daemon that the kernel tells of processes}."""
    library = str(tmp_path_factory.mktemp("connector") / "process_connector.so")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-o", library, LIBRARY], check=True)
    words = f"/usr/bin/env LD_PRELOAD={library} LAB_NETNS=/proc/{os.getpid()}/ns/net "
    return {kind: words + command for kind, command in COMMANDS.items()}


def _differs(facts, name, pairing):
    candidate = {**facts[name, pairing], "kinds": ("baton", "keepalived")}
    return vrrp_differential.as_text(vrrp_differential.compare(facts[name, "reference"], candidate), every=True)


class TestProcesses:
    @pytest.fixture(scope="class")
    def played(self, told_kinds):
        """{(case, pairing): facts}."""
        need(("keepalived", "baton"))
        keepalived, told = told_kinds["keepalived"], told_kinds["baton"]
        pairings = {"reference": (keepalived, keepalived), "looking": ("baton", keepalived), "told": (told, keepalived)}
        facts, left = {}, list(CASES)
        for _ in range(1 + AGAIN):
            jobs = [(name, pairing) for name in left for pairing in pairings]
            with ThreadPoolExecutor(CROWD) as pool:
                facts.update(zip(jobs, pool.map(lambda job: vrrp_play.play(job[0], pairings[job[1]], CASES[job[0]]), jobs)))
            left = [name for name in left if any(_differs(facts, name, pairing) for pairing in ("looking", "told"))]
        return facts

    @pytest.mark.parametrize("pairing", ["looking", "told"])
    @pytest.mark.parametrize("name", CASES)
    def test_the_trace_is_that_of_two_keepalived(self, played, name, pairing):
        differs = _differs(played, name, pairing)
        assert not differs, "\n" + differs

    def test_the_log_says_why(self, played):
        log = played["process without weight", "looking"]["logs"]["a"]
        assert "Quorum lost for tracked process WORK (0 running)" in log
        assert "tracked process WORK does not run as often as it should" in log
        weighed = played["process with a negative weight", "told"]["logs"]["a"]
        assert "tracked process WORK does not run as often as it should (-60)" in weighed
        assert "tracked process WORK runs (0)" in weighed

    @pytest.mark.parametrize("is_told", [False, True], ids=["looking", "told"])
    def test_it_is_said_once_that_the_kernel_does_not_tell(self, told_kinds, is_told):
        need(("baton", "baton"))
        world = World(CASES["process with a negative weight"], (told_kinds["baton"] if is_told else "baton", "baton"))
        try:
            world.start("a")
            world.wait_told("a")
            world["a"].signal(signal.SIGHUP)
            assert wait_until(lambda: world["a"].log().count("reload") > 0, DEADLINE) is not None
            said = world["a"].log().count("the kernel does not tell of processes here")
            assert said == (0 if is_told else 1), world["a"].log()
        finally:
            world.close()


class Scene(World):
    """Two Batons, of which a tracks a gateway: an address of the switch."""

    def __init__(self, lines, tracked, ipv6=False):
        before = block("vrrp_track_gateway uplink", *lines)
        super().__init__(Case(*both(before=(before,), a=(block("track_gateway", tracked),)), (), ipv6=ipv6),
                         ("baton", "baton"))

    def gateway(self, verb, address=GATEWAY + "/24"):
        self.switch.ns.ip(f"addr {verb} {address} dev br0")

    def begin_both(self):
        for name in "ab":
            self.start(name)
        assert self.becomes("a"), self.logs()

    def becomes(self, holder):
        return wait_until(lambda: self.holders() == holder, DEADLINE) is not None

    def log(self, name="a"):
        return self.directors[name].log()


@pytest.fixture
def scene():
    made = []

    def make(*lines, tracked="uplink", **words):
        made.append(Scene(lines, tracked, **words))
        return made[-1]
    need(("baton", "baton"))
    yield make
    for each in made:
        each.close()


FAST = ("interval 0.2", "timeout 0.2", "fall 3", "rise 2")


class TestGateways:
    def test_without_a_weight_it_means_fault(self, scene):
        world = scene(f"address {GATEWAY}", *FAST)
        world.gateway("add")
        world.begin_both()
        world.gateway("del")
        assert world.becomes("b"), world.log()
        assert wait_until(lambda: any("FAULT" in line for line in world.scripts("a")), DEADLINE) is not None
        assert "Gateway uplink does not answer: " in world.log()
        assert "tracked gateway uplink does not answer" in world.log()
        world.gateway("add")
        assert world.becomes("a"), world.log()
        assert "Gateway uplink answers: echo reply" in world.log()

    def test_with_a_weight_the_priority_changes(self, scene):
        world = scene(f"address {GATEWAY}", *FAST, "weight -20", tracked="uplink weight -60")
        world.gateway("add")
        world.begin_both()
        world.gateway("del")
        assert world.becomes("b"), world.log()
        assert "tracked gateway uplink does not answer (-60)" in world.log()
        assert not any("FAULT" in line for line in world.scripts("a"))
        world.gateway("add")
        assert world.becomes("a"), world.log()

    def test_one_that_is_away_at_the_start_waits_for_no_fall(self, scene):
        world = scene(f"address {GATEWAY}", "interval 0.2", "fall 100", "rise 2")
        world.start("a")
        world.start("b")
        assert world.becomes("b"), world.log()
        world.gateway("add")
        assert world.becomes("a"), world.log()

    def test_fewer_failures_than_it_may_have_are_nothing(self, scene):
        world = scene(f"address {GATEWAY}", "interval 1", "fall 5")
        world.gateway("add")
        world.begin_both()
        world.gateway("del")
        wait_until(lambda: world.holders() != "a", 2.5)
        world.gateway("add")
        assert wait_until(lambda: world.holders() != "a", 6) is None
        assert "does not answer" not in world.log()

    def test_a_connection(self, scene):
        world = scene(f"address {GATEWAY}", "port 7777", *FAST)
        world.gateway("add")
        program = ("import socket\ns = socket.create_server(('0.0.0.0', 7777))\n"
                   "while True: s.accept()[0].close()\n")
        listen = lambda: world.switch.ns.popen(["/usr/bin/python3", "-c", program])  # noqa: E731
        server = listen()
        try:
            world.start("a")
            world.start("b")
            assert world.becomes("a"), world.logs()
            server.kill()
            server.wait()
            assert world.becomes("b"), world.log()
            assert "Gateway uplink does not answer: connection refused" in world.log()
            server = listen()
            assert world.becomes("a"), world.log()
            assert "Gateway uplink answers: connected" in world.log()
        finally:
            server.kill()
            server.wait()

    def test_ipv6_by_an_interface(self, scene):
        world = scene("address fe80::254", "interface eth0", *FAST, ipv6=True)
        world.switch.ns.sysctl("net.ipv6.conf.br0.disable_ipv6", 0)
        world.switch.ns.sysctl("net.ipv6.conf.br0.accept_dad", 0)
        world.gateway("add", "fe80::254/64")
        world.begin_both()
        world.gateway("del", "fe80::254/64")
        assert world.becomes("b"), world.log()
        world.gateway("add", "fe80::254/64")
        assert world.becomes("a"), world.log()

    def test_a_reload_keeps_what_is_known(self, scene):
        world = scene(f"address {GATEWAY}", *FAST)
        world.gateway("add")
        world.begin_both()
        world.gateway("del")
        assert world.becomes("b"), world.log()
        told = len(world.scripts("a"))
        world["a"].signal(signal.SIGHUP)
        assert wait_until(lambda: world.holders() != "b", 3) is None
        assert len(world.scripts("a")) == told
        world.gateway("add")
        assert world.becomes("a"), world.log()
