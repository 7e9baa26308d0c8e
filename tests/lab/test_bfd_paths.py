"""BFD where the path or the neighbour is not what it should be: a router in between, a stranger who sends from behind one, a
neighbour that is taken down on purpose; and what a session does to a priority."""
import contextlib
import os
import re
import shutil
import signal
import socket
import struct
import tempfile
import time

import pytest

from batonlab.director import Director, wait_until
from batonlab.netns import Netns
from conftest import need
from test_bfd import BFDD, PATHS, VIP, Neighbours, session

SINGLE_HOP = 3784
ADMIN_DOWN, ETH_P_IP = 0, 0x0800


def is_up(director):
    said = re.findall(r"BFD session s with \S+: (\w+), was", director.log())
    return bool(said) and said[-1] == "Up"


def heard_discriminator(netns, port, seconds=3):
    """The discriminator in whatever BFD packet comes in here first."""
    with netns.inside():
        tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IP))
    with contextlib.closing(tap):
        tap.settimeout(seconds)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            packet, address = tap.recvfrom(256)
            is_ours = address[2] == 0 and packet[9] == socket.IPPROTO_UDP and packet[22:24] == struct.pack("!H", port)
            if is_ours and len(packet) >= 52:
                return struct.unpack("!I", packet[32:36])[0]
    return None


def forge(netns, source, target, port, ttl, theirs):
    """An AdminDown of a session's own neighbour, as it should be but for its TTL."""
    packet = struct.pack("!BBBBIIIII", 0x20 | 7, ADMIN_DOWN << 6, 3, 24, 99, theirs, 50000, 50000, 0)
    with netns.inside():
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with contextlib.closing(sender):
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
        sender.bind((source, 0))
        sender.sendto(packet, (target, port))


@pytest.fixture
def pair():
    need(["baton"])
    made = Neighbours("baton", "IPv4")
    yield made
    made.close()


def test_a_packet_that_has_crossed_a_router_is_refused(pair):  # pylint: disable=redefined-outer-name
    own, neighbor = PATHS["IPv4"][:2]
    assert wait_until(pair.is_up, 15) is not None, pair.ours.log()
    theirs = heard_discriminator(pair.spaces[1], SINGLE_HOP)
    assert theirs
    for ttl in (254, 64, 1):
        forge(pair.spaces[1], neighbor, own, SINGLE_HOP, ttl, theirs)
    refused = "BFD packet from 10.5.0.2 discarded: the TTL is too low"
    assert wait_until(lambda: refused in pair.ours.log(), 3) is not None, pair.ours.log()
    assert pair.ours.log().count(refused) == 1  # told once, the others are counted
    time.sleep(0.5)
    assert pair.is_up()
    forge(pair.spaces[1], neighbor, own, SINGLE_HOP, 255, theirs)  # the same from a neighbour is believed
    assert wait_until(lambda: "taken down on purpose" in pair.ours.log(), 3) is not None, pair.ours.log()


def test_a_weight_of_track_bfd_moves_the_priority(pair):  # pylint: disable=redefined-outer-name
    assert wait_until(lambda: pair.ours.holds(VIP), 15) is not None, pair.ours.log()
    with open(pair.ours.files["conf"], encoding="utf-8") as file:
        text = file.read()
    pair.ours.write(text.replace("track_bfd {\n  s\n", "track_bfd {\n  s weight -30\n"))
    pair.ours.signal(signal.SIGHUP)
    time.sleep(1)
    pair.other.kill_all()
    down = "Changing effective priority from 100 to 70: tracked BFD session s is down (-30)"
    assert wait_until(lambda: down in pair.ours.log(), 3) is not None, pair.ours.log()
    time.sleep(0.5)
    assert pair.ours.holds(VIP) and "(V) Entering FAULT STATE" not in pair.ours.log()
    pair.restart_other()
    back = "Changing effective priority from 70 to 100: tracked BFD session s is up (0)"
    assert wait_until(lambda: back in pair.ours.log(), 15) is not None, pair.ours.log()


def test_frr_says_that_it_was_taken_down_on_purpose():
    need(["baton"])
    if not os.access(BFDD, os.X_OK):
        pytest.skip("frr is not installed: nobody to speak BFD with")
    neighbours = Neighbours("frr", "IPv4")
    own, neighbor = PATHS["IPv4"][:2]

    def tell_frr(word):
        peer = f"peer {own} local-address {neighbor}"
        neighbours.spaces[1].run("vtysh", "--vty_socket", neighbours.folder, "-d", "bfdd", "-c", "configure terminal",
                                 "-c", "bfd", "-c", peer, "-c", word)

    try:
        assert wait_until(neighbours.is_up, 15) is not None, neighbours.ours.log()
        assert wait_until(lambda: neighbours.ours.holds(VIP), 10) is not None
        tell_frr("shutdown")
        assert wait_until(lambda: "Down, was Up: the neighbour was taken down on purpose" in neighbours.ours.log(), 3) \
            is not None, neighbours.ours.log()
        assert wait_until(lambda: not neighbours.ours.holds(VIP), 2) is not None
        tell_frr("no shutdown")
        assert wait_until(neighbours.is_up, 15) is not None, neighbours.ours.log()
        assert wait_until(lambda: neighbours.ours.holds(VIP), 10) is not None
    finally:
        neighbours.close()


def test_a_port_that_another_daemon_has_is_tried_again():
    """Another BFD daemon runs when Baton starts, and is stopped later."""
    need(["baton"])
    neighbours = Neighbours("baton", "IPv4")
    try:
        neighbours.ours.stop()
        with neighbours.spaces[0].inside():
            taken = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with contextlib.closing(taken):
            taken.bind(("0.0.0.0", SINGLE_HOP))
            neighbours.ours.start()
            trouble = f"hear BFD on UDP port {SINGLE_HOP}: Address already in use; it is tried again"
            assert wait_until(lambda: trouble in neighbours.ours.log(), 5) is not None, neighbours.ours.log()
            down = "(V) Entering FAULT STATE: tracked BFD session s is down"
            assert wait_until(lambda: down in neighbours.ours.log(), 6) is not None, neighbours.ours.log()
        assert wait_until(lambda: neighbours.ours.holds(VIP), 20) is not None, neighbours.ours.log()
        assert "BFD is heard on its port now" in neighbours.ours.log()
    finally:
        neighbours.close()


class Routed:
    """Two directors with a router between them."""

    def __init__(self, more):
        tag = f"bl{os.getpid() % 100000}r"
        self.folder = tempfile.mkdtemp(prefix="batonlab-bfd.")
        self.spaces = [Netns(tag + name) for name in "arb"]
        self.directors = []
        a, router, b = self.spaces
        for number, space in ((1, a), (2, b)):
            router.ip(f"link add p{number} type veth peer name eth0 netns {space.name}",
                      f"addr add 10.5.{number}.254/24 dev p{number}", f"link set p{number} up")
            space.ip(f"addr add 10.5.{number}.1/24 dev eth0", "link set eth0 up", f"route add default via 10.5.{number}.254")
        router.sysctl("net.ipv4.ip_forward", 1)
        for number, space in ((1, a), (2, b)):
            director = Director("ab"[number - 1], space, "baton", self.folder)
            director.write(session(f"10.5.{number}.1", f"10.5.{3 - number}.1", more) +
                           f"vrrp_instance V {{\n interface eth0\n virtual_router_id {number}\n track_bfd {{\n  s\n }}\n"
                           f" virtual_ipaddress {{\n  10.5.{number}.100/24\n }}\n}}\n")
            self.directors.append(director)
        for director in self.directors:
            director.start()

    def rewrite(self, old, new):
        for director in self.directors:
            with open(director.files["conf"], encoding="utf-8") as file:
                text = file.read()
            director.write(text.replace(old, new))
            director.signal(signal.SIGHUP)

    def close(self):
        for director in self.directors:
            director.stop()
        for space in self.spaces:
            space.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def routed(more):
    need(["baton"])
    made = Routed(more)
    try:
        yield made
    finally:
        made.close()


def test_a_session_over_a_router_needs_multihop_and_its_hops():
    with routed(" multihop\n max_hops 1\n") as made:
        a, b = made.directors
        assert wait_until(lambda: is_up(a) and is_up(b), 15) is not None, a.log() + b.log()
        assert wait_until(lambda: a.holds("10.5.1.100"), 10) is not None, a.log()
        # The router stops to forward: nobody is heard any more.
        made.spaces[1].sysctl("net.ipv4.ip_forward", 0)
        assert wait_until(lambda: not is_up(a) and not is_up(b), 3) is not None, a.log() + b.log()
        made.spaces[1].sysctl("net.ipv4.ip_forward", 1)
        assert wait_until(lambda: is_up(a) and is_up(b), 15) is not None, a.log() + b.log()
        # With a hop less the same packets have come from too far away.
        made.rewrite("max_hops 1", "max_hops 0")
        assert wait_until(lambda: not is_up(a), 5) is not None, a.log()
        assert "BFD packet from 10.5.2.1 discarded: the TTL is too low" in a.log()


def test_a_session_of_one_hop_does_not_come_up_over_a_router():
    with routed("") as made:
        a, b = made.directors
        assert wait_until(lambda: "discarded: the TTL is too low" in a.log() + b.log(), 10) is not None, a.log()
        time.sleep(5)  # a neighbour that is there would have been told of by now
        assert not is_up(a) and not is_up(b)
        assert "(V) Entering MASTER STATE" not in a.log() + b.log()
