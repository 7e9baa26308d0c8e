"""BFD with Baton, with keepalived and with FRR at the other end: sessions come up, a dead neighbour is noticed in time, and
what follows a session follows it."""
import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

import pytest

from batonlab import kernel_story
from batonlab.director import Director, wait_until
from batonlab.netns import Netns, Switch
from conftest import need

BFDD = "/usr/lib/frr/bfdd"
VIP = "10.5.0.100"
#: name: (our address, the neighbour's, what is more in its block, FRR's words for the peer)
PATHS = {"IPv4": ("10.5.0.1", "10.5.0.2", "", ""), "IPv6": ("fd00:5::1", "fd00:5::2", " ttl 255\n", ""),
         "multihop": ("10.5.0.1", "10.5.0.2", " multihop\n max_hops 5\n", " multihop")}
DETECTION = 0.15  # seconds: three times 50 ms


def session(own, neighbor, more):
    return (f"bfd_instance s {{\n source_ip {own}\n neighbor_ip {neighbor}\n min_rx 50\n min_tx 50\n multiplier 3\n{more}}}\n")


def instance(vrid, priority, vip):
    return (f"vrrp_instance V {{\n interface eth0\n virtual_router_id {vrid}\n priority {priority}\n track_bfd {{\n  s\n }}\n"
            f" virtual_ipaddress {{\n  {vip}/24\n }}\n}}\n")


class Frr:
    """FRR's bfdd as a neighbour."""

    def __init__(self, netns, folder, own, neighbor, more):
        self.netns, self.folder, self.process = netns, folder, None
        os.chmod(folder, 0o777)
        self.conf = os.path.join(folder, "frr.conf")
        with open(self.conf, "w", encoding="ascii") as file:
            file.write(f"bfd\n peer {neighbor} local-address {own}{more}\n  receive-interval 50\n  transmit-interval 50\n"
                       "  detect-multiplier 3\n !\n!\n")

    def start(self):
        self.process = self.netns.popen(
            [BFDD, "-f", self.conf, "-u", "frr", "-g", "frr", "-i", f"{self.folder}/frr.pid", "-z", f"{self.folder}/zserv",
             "--vty_socket", self.folder, "--bfdctl", f"{self.folder}/bfdd.sock", "-A", "127.0.0.1", "-P", "0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill_all(self):
        self.process.kill()
        self.process.wait()
        self.process = None

    def stop(self):
        if self.process is not None:
            self.kill_all()


class Neighbours:
    """Baton in one namespace with a VRRP instance that tracks its session, another daemon in the other."""

    def __init__(self, kind, path):
        self.kind = kind
        own, neighbor, more, frr = PATHS[path]
        tag = f"bl{os.getpid() % 100000}f"
        self.folder = tempfile.mkdtemp(prefix="batonlab-bfd.")
        self.switch = Switch(tag + "sw")
        self.spaces = [Netns(tag + name) for name in "ab"]
        for number, space in enumerate(self.spaces, 1):
            self.switch.plug("ab"[number - 1], space, "eth0", f"02:00:00:00:05:0{number}", f"addr add 10.5.0.{number}/24 dev eth0")
            for where in ("all", "eth0"):
                space.sysctl(f"net.ipv6.conf.{where}.disable_ipv6", 0)
            space.ip(f"addr add fd00:5::{number}/64 dev eth0 nodad")
        self.ours = Director("a", self.spaces[0], "baton", self.folder)
        self.ours.write(session(own, neighbor, more) + instance(8, 100, VIP))
        if kind == "frr":
            self.other = Frr(self.spaces[1], self.folder, neighbor, own, frr)
        else:
            # keepalived's BFD process has a pid file of its own, which a killed one leaves
            options = f"-b {self.folder}/b.bfd" if kind == "keepalived" else ""
            self.other = Director("b", self.spaces[1], kind, self.folder, options)
            self.other.write(session(neighbor, own, more) + instance(9, 100, "10.5.0.101"))
        self.ours.start()
        self.other.start()

    def is_up(self):
        said = re.findall(r"BFD session s with \S+: (\w+), was", self.ours.log())
        return bool(said) and said[-1] == "Up"

    def restart_other(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{self.folder}/b.bfd")
        self.other.start()

    def close(self):
        self.ours.stop()
        self.other.stop()
        for space in self.spaces:
            space.close()
        self.switch.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def cases():
    for kind in ("baton", "keepalived", "frr"):
        for path in PATHS:
            if kind != "keepalived" or path != "multihop":  # 2.2.7 has no multihop
                yield pytest.param((kind, path), id=f"{kind}-{path}")


@pytest.fixture(params=cases())
def neighbours(request):
    kind, path = request.param
    if kind == "frr" and not os.access(BFDD, os.X_OK):
        pytest.skip("frr is not installed: nobody to speak BFD with")
    need(["baton"] + ([kind] if kind != "frr" else []))
    made = Neighbours(kind, path)
    yield made
    made.close()


def test_a_session_comes_up_and_a_dead_neighbour_is_noticed(neighbours, tell):  # pylint: disable=redefined-outer-name
    assert wait_until(neighbours.is_up, 15) is not None, neighbours.ours.log()
    # The instance waited for the session, and becomes MASTER with it.
    assert "(V) Entering FAULT STATE" not in neighbours.ours.log()
    assert wait_until(lambda: neighbours.ours.holds(VIP), 10) is not None, neighbours.ours.log()
    time.sleep(0.5)
    assert neighbours.is_up()
    start = time.monotonic()
    neighbours.other.kill_all()
    took = wait_until(lambda: not neighbours.is_up(), 5, 0.005)
    assert took is not None, neighbours.ours.log()
    tell(f"BFD, the neighbour ({neighbours.kind}) killed", f"noticed after {(time.monotonic() - start) * 1000:.0f} ms, "
         f"detection time {DETECTION * 1000:.0f} ms")
    assert took < 1
    assert wait_until(lambda: not neighbours.ours.holds(VIP), 1) is not None
    told = "(V) Entering FAULT STATE: tracked BFD session s is down"
    assert wait_until(lambda: told in neighbours.ours.log(), 1) is not None
    neighbours.restart_other()
    assert wait_until(neighbours.is_up, 15) is not None, neighbours.ours.log() + getattr(neighbours.other, "log", str)()
    assert wait_until(lambda: neighbours.ours.holds(VIP), 10) is not None


def test_a_neighbour_that_stops_says_so(neighbours):  # pylint: disable=redefined-outer-name
    if neighbours.kind == "frr":
        pytest.skip("FRR is killed, not stopped, by this lab")
    assert wait_until(neighbours.is_up, 15) is not None, neighbours.ours.log()
    start = time.monotonic()
    neighbours.other.signal(signal.SIGTERM)
    assert wait_until(lambda: not neighbours.is_up(), 5, 0.005) is not None
    if neighbours.kind == "baton":
        assert "taken down on purpose" in neighbours.ours.log()
    assert time.monotonic() - start < 2


def test_a_reload_leaves_a_session_up(neighbours):  # pylint: disable=redefined-outer-name
    assert wait_until(neighbours.is_up, 15) is not None, neighbours.ours.log()
    assert wait_until(lambda: neighbours.ours.holds(VIP), 10) is not None, neighbours.ours.log()
    with open(neighbours.ours.files["conf"], encoding="utf-8") as file:
        text = file.read()
    neighbours.ours.write(text.replace("min_tx 50", "min_tx 80"))
    before = len(re.findall("BFD session s", neighbours.ours.log()))
    neighbours.ours.signal(signal.SIGHUP)
    time.sleep(2)
    assert len(re.findall("BFD session s", neighbours.ours.log())) == before
    assert neighbours.is_up() and neighbours.ours.holds(VIP)


def test_a_master_stays_master_when_its_vrrp_role_is_killed(neighbours):  # pylint: disable=redefined-outer-name
    assert wait_until(lambda: neighbours.ours.holds(VIP), 20) is not None, neighbours.ours.log()
    time.sleep(0.2)  # what it is, is written down just after its address is there
    neighbours.ours.kill_role("vrrp")
    until = time.monotonic() + 6
    while time.monotonic() < until:
        assert neighbours.ours.holds(VIP), neighbours.ours.log()
        time.sleep(0.01)
    assert neighbours.is_up(), neighbours.ours.log()


def test_without_a_neighbour_an_instance_is_in_fault(neighbours):  # pylint: disable=redefined-outer-name
    neighbours.other.stop()
    neighbours.ours.stop()
    neighbours.ours.start()
    assert wait_until(lambda: "(V) Entering FAULT STATE: tracked BFD session s is down" in neighbours.ours.log(), 6) is not None
    assert not neighbours.ours.holds(VIP)


def test_a_real_server_follows_its_session(tmp_path):
    told = kernel_story.told("bfd_story.sh", tmp_path, 120)
    assert told["without a neighbour"].split() == ["10.8.0.2"]
    assert told["with its neighbour"].split() == ["10.8.0.1", "10.8.0.2"]
    assert told["after the death of the checkers"].split() == ["10.8.0.1", "10.8.0.2"]
    assert told["when the neighbour has stopped"].split() == ["10.8.0.2"]
