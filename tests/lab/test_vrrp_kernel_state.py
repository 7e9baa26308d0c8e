"""What virtual routers put into the kernel beside their leases is gone after a stop, and after a kill by the next start."""
import os
import signal
import socket
import time

import pytest

from batonlab import vrrp_wire, wire
from batonlab.differential_text import block
from batonlab.director import Director, wait_until
from batonlab.netns import Netns, Switch
from batonlab.vrrp_text import head, instance
from conftest import need

#: Seconds for what takes milliseconds on a machine that is not busy.
SOON = 10
ROUTES = block("virtual_routes", "10.20.0.0/24 via 10.0.0.9 dev eth0", "10.20.1.0/24 dev eth0 table lab protocol static no_track",
               "10.20.2.0/24 dev eth0 src 10.0.0.100 mtu lock 1400",
               "10.20.3.0/24 encap ip id 7 dst 10.0.0.8 via 10.0.0.9 dev eth0",
               "10.20.4.0/24 via inet6 fe80::9 dev eth0 onlink")
RULES = block("virtual_rules", "from 10.30.0.0/24 table main sport 80-90 ipproto tcp priority 1000")
STATICS = "\n".join([block("static_ipaddress", "10.0.8.1/24 dev eth0"), block("static_routes", "10.40.0.0/24 via 10.0.0.9 dev eth0"),
                     block("static_rules", "from 10.41.0.0/24 table 101 priority 900")])
EVERYTHING = "\n".join([head(), STATICS, instance("use_vmac", "no_accept", "promote_secondaries", ROUTES, RULES), ""])
NOTHING = "\n".join([head(), instance(), ""])


class Place:
    """One director on a wire of its own."""

    def __init__(self, folder):
        tag = f"adr{os.getpid() % 100000}"
        self.switch, self.space = Switch(tag + "sw"), Netns(tag)
        for name in ("all", "default"):
            self.space.sysctl(f"net.ipv6.conf.{name}.disable_ipv6", 0)
            self.space.sysctl(f"net.ipv6.conf.{name}.accept_dad", 0)
        self.port = self.switch.plug("a", self.space, "eth0", "02:00:00:00:00:01", "addr add 10.0.0.1/24 brd + dev eth0")
        os.mkfifo(folder / "fifo")
        (folder / "note").write_text("#!/bin/sh\n")
        (folder / "note").chmod(0o755)
        self.fifo = os.open(folder / "fifo", os.O_RDWR | os.O_NONBLOCK)
        self.folder = folder
        self.director = Director("a", self.space, "baton", str(folder), "-P")
        self.before = self.state()

    def configure(self, text):
        self.director.write(text.replace("DIR", str(self.folder)))

    def state(self):
        """What is compared: addresses, routes, rules, links, rules of the firewall, sysctls."""
        sysctls = self.space.run("sysctl", "-a", "-r", r"ipv4.conf.(all|default|eth0)\.(arp_|rp_filter|promote|accept_local)")
        return {"addresses": self.space.run("ip", "-br", "addr"), "routes": self.space.run("ip", "route", "show", "table", "all"),
                "rules": self.space.run("ip", "rule"), "links": self.space.run("ip", "-br", "link"), "sysctls": sysctls,
                "firewall": self.space.run("nft", "list", "ruleset")}

    def has(self, *words):
        text = "\n".join(self.state().values())
        return all(word in text for word in words)

    def wait(self, *words):
        assert wait_until(lambda: self.has(*words), SOON) is not None, f"{words} not in {self.state()}\n{self.log()}"

    def log(self):
        return self.director.log()

    def close(self):
        self.director.stop()
        for space in (self.switch, self.space):
            space.close()
        os.close(self.fifo)


@pytest.fixture(name="place")
def _place(tmp_path):
    need(("baton",))
    place = Place(tmp_path)
    yield place
    place.close()


ALL_OF_IT = ("10.0.0.100/32", "10.20.0.0/24 via 10.0.0.9", "10.20.2.0/24 dev eth0", "mtu lock 1400", "src 10.0.0.100",
             "10.20.3.0/24  encap ip id 7", "via inet6 fe80::9", "1000:", "sport 80-90", "10.0.8.1/24", "10.40.0.0/24", "900:",
             "vrrp.51@eth0", "ip daddr @vips drop", "eth0.arp_ignore = 1", "eth0.promote_secondaries = 1")


def _same(place):
    return wait_until(lambda: place.state() == place.before, SOON) is not None


def test_a_stop_leaves_nothing(place):
    place.configure(EVERYTHING)
    place.director.start()
    place.wait(*ALL_OF_IT)
    assert "no table 'lab'" in place.log()
    place.director.stop()
    assert _same(place), place.state()


def test_a_stop_with_dont_release_vrrp_leaves_everything_and_the_next_takes_it_over(place):
    place.configure(EVERYTHING)
    place.director.options = "-P -V"
    place.director.start()
    place.wait(*ALL_OF_IT)
    place.director.stop()
    assert place.has(*ALL_OF_IT), place.state()
    place.director.options = "-P"
    place.director.start()
    place.wait(*ALL_OF_IT)
    place.director.stop()
    assert _same(place), place.state()


def test_after_a_kill_the_next_start_takes_everything_away(place):
    place.configure(EVERYTHING)
    place.director.start()
    place.wait(*ALL_OF_IT)
    place.director.kill_all()
    place.configure(NOTHING)
    place.director.start()
    place.wait("10.0.0.100/32")
    place.director.stop()
    assert _same(place), place.state()


def test_after_a_kill_a_start_without_any_instance_takes_everything_away(place):
    place.configure(EVERYTHING)
    place.director.start()
    place.wait(*ALL_OF_IT)
    place.director.kill_all()
    place.configure(head() + "\n")
    place.director.start()
    assert _same(place), place.state()


def test_after_a_kill_the_next_start_takes_over_what_is_still_wanted(place):
    place.configure(EVERYTHING)
    place.director.start()
    place.wait(*ALL_OF_IT)
    place.director.kill_all()
    place.director.start()
    place.wait(*ALL_OF_IT)
    place.director.stop()
    assert _same(place), place.state()


def test_the_role_alone_dies_and_nothing_is_missing_afterwards(place):
    place.configure(EVERYTHING)
    place.director.start()
    place.wait(*ALL_OF_IT)
    place.director.kill_role("vrrp")
    place.wait(*ALL_OF_IT)
    place.director.stop()
    assert _same(place), place.state()


def test_what_somebody_removes_comes_back(place):
    place.configure(EVERYTHING)
    place.director.start()
    place.wait(*ALL_OF_IT)
    for command, words in (("route del 10.40.0.0/24", "10.40.0.0/24"), ("rule del priority 900", "900:"),
                           ("addr del 10.0.8.1/24 dev eth0", "10.0.8.1/24"), ("link del vrrp.51", "vrrp.51@eth0"),
                           ("route del 10.20.0.0/24", "10.20.0.0/24")):
        place.space.run("ip", *command.split())
        place.wait(words)
    place.wait(*ALL_OF_IT)


def test_a_reload_without_them_takes_them_away_and_another_brings_them_back(place):
    place.configure(EVERYTHING)
    place.director.start()
    place.wait(*ALL_OF_IT)
    place.configure(NOTHING)
    place.director.signal(signal.SIGHUP)
    assert wait_until(lambda: not any(place.has(word) for word in ("10.20.", "1000:", "10.0.8.1", "10.40.", "900:", "vrrp.51@",
                                                                   "@vips", "arp_ignore = 1")), SOON) is not None, place.state()
    place.configure(EVERYTHING)
    place.director.signal(signal.SIGHUP)
    place.wait(*ALL_OF_IT)


def test_a_static_address_of_somebody_else_is_left_to_him(place):
    place.space.run("ip", "addr", "add", "10.0.8.1/24", "dev", "eth0")
    place.before = place.state()
    place.configure(EVERYTHING)
    place.director.start()
    place.wait(*ALL_OF_IT)
    place.director.stop()
    assert _same(place), place.state()


def test_a_stranger_that_claims_an_address_is_noticed_and_answered(place):
    place.configure("\n".join([head(), instance(vips=("10.0.0.100",)), ""]))
    place.director.start()
    place.wait("10.0.0.100/32")
    capture = wire.Capture(place.switch.ns, [place.port])
    wait_until(lambda: False, 1.5)  # the second burst of the beginning is over
    before = time.time()
    arp = bytes.fromhex("ffffffffffff020000000009" "0806" "0001080006040002" "0200000000090a000064" "ffffffffffff0a000064")
    with place.switch.ns.inside(), socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as sock:
        sock.bind(("br0", 0))
        for _ in range(50):
            sock.send(arp)
    told = "10.0.0.100 on eth0 is claimed by 02:00:00:00:00:09 too"
    assert wait_until(lambda: told in place.log(), SOON) is not None, place.log()
    wait_until(lambda: False, 0.5)
    announced = [frame for frame in capture.frames(place.port, before) if vrrp_wire.announcement(frame)]
    capture.close()
    assert len(announced) == 1 and place.log().count("is claimed by") == 1, (len(announced), place.log())
