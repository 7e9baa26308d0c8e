"""What virtual routers put into the kernel beside their leases is gone after a stop, and after a kill by the next start."""
import os
import signal
import socket
import time

import pytest

from batonlab import vrrp_wire, wire
from batonlab.differential_text import block
from batonlab.director import Director, wait_until
from batonlab.netns import Netns, Switch, has_ipvlan
from batonlab.vrrp_text import head, instance

#: Seconds for what takes milliseconds on a machine that is not busy.
SOON = 10
ROUTES = block("virtual_routes", "10.20.0.0/24 via 10.0.0.9 dev eth0", "10.20.1.0/24 dev eth0 table lab protocol static no_track",
               "10.20.2.0/24 dev eth0 src 10.0.0.100 mtu lock 1400",
               "10.20.3.0/24 encap ip id 7 dst 10.0.0.8 via 10.0.0.9 dev eth0",
               "10.20.4.0/24 via inet6 fe80::9 dev eth0 onlink")
RULES = block("virtual_rules", "from 10.30.0.0/24 table main sport 80-90 ipproto tcp priority 1000")
STATICS = "\n".join([block("static_ipaddress", "10.0.8.1/24 dev eth0"), block("static_routes", "10.40.0.0/24 via 10.0.0.9 dev eth0"),
                     block("static_rules", "from 10.41.0.0/24 table 101 priority 900")])
OTHER = block("virtual_ipaddress_excluded", "fd00::110/64")
EVERYTHING = "\n".join([head("disable_local_igmp"), STATICS, instance("use_vmac", "use_vmac_addr", "no_accept", "promote_secondaries",
                                                                     OTHER, ROUTES, RULES), ""])
IPVLAN = "\n".join([head(), instance("use_ipvlan 10.0.0.51/24"), ""])
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
        sysctls = self.space.run("sysctl", "-a", "-r", r"ipv4.(conf.(all|default|eth0)\.(arp_|rp_filter|promote|accept_local)|igmp_link)")
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


ALL_OF_IT = ("10.0.0.100/32", "10.20.0.0/24 via 10.0.0.9", "10.20.2.0/24 dev eth0", "mtu lock 1400", "src 10.0.0.100",
             "10.20.3.0/24  encap ip id 7", "via inet6 fe80::9", "1000:", "sport 80-90", "10.0.8.1/24", "10.40.0.0/24", "900:",
             "vrrp.51@eth0", "vrrp6.51@eth0", "fd00::110/64", "igmp_link_local_mcast_reports = 0", "ip daddr @vips drop", "eth0.arp_ignore = 1", "eth0.promote_secondaries = 1")


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


def test_a_vmac_is_in_its_group_of_interfaces(place):
    (place.folder / "group").write_text("77 routers\n")
    place.configure("\n".join([head(f"iproute_etc_dir {place.folder}"), instance("use_vmac group routers"), ""]))
    place.director.start()
    place.wait("vrrp.51@eth0")
    assert "vrrp.51" in place.space.run("ip", "link", "show", "group", "77")
    place.configure("\n".join([head(), instance("use_vmac group 78"), ""]))
    place.director.signal(signal.SIGHUP)
    assert wait_until(lambda: "vrrp.51" in place.space.run("ip", "link", "show", "group", "78"), SOON) is not None, place.log()
    place.configure("\n".join([head(), instance("use_vmac group strangers"), ""]))
    place.director.signal(signal.SIGHUP)
    assert wait_until(lambda: "vrrp.51: there is no group of interfaces 'strangers'" in place.log(), SOON) is not None, place.log()


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
                           ("link del vrrp6.51", "vrrp6.51@eth0"), ("link del vrrp6.51", "fd00::110/64"),
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
    assert wait_until(lambda: not any(place.has(word) for word in ("10.20.", "1000:", "10.0.8.1", "10.40.", "900:", "vrrp.51@", "vrrp6.51@",
                                                                   "@vips", "arp_ignore = 1", "mcast_reports = 0")), SOON) is not None, place.state()
    place.configure(EVERYTHING)
    place.director.signal(signal.SIGHUP)
    place.wait(*ALL_OF_IT)


UPPER = ("link add up0 type veth peer name up1", "link set up1 up", "link set up0 up", "addr add 10.5.0.1/24 brd + dev up0")


def test_a_vmac_comes_back_when_its_interface_was_removed_and_made_again(place):
    place.space.ip(*UPPER)
    place.configure("\n".join([head("dynamic_interfaces"), instance("use_vmac", interface="up0", vips=("10.5.0.100",)), ""]))
    place.director.start()
    place.wait("vrrp.51@up0", "10.5.0.100/32")
    place.space.ip("link del up0")
    assert wait_until(lambda: not place.has("vrrp.51@"), SOON) is not None
    place.space.ip(*UPPER)
    place.wait("vrrp.51@up0", "10.5.0.100/32")
    place.director.stop()
    place.space.ip("link del up0")
    assert _same(place), place.state()


def test_a_vmac_moves_when_its_interface_is_renamed_and_another_has_its_name(place):
    place.space.ip(*UPPER)
    place.configure("\n".join([head("dynamic_interfaces"), instance("use_vmac", interface="up0", vips=("10.5.0.100",)), ""]))
    place.director.start()
    place.wait("vrrp.51@up0", "10.5.0.100/32")
    place.space.ip("link set up0 down", "link set up0 name old0", UPPER[0].replace("up1", "up2"), "link set up2 up", *UPPER[2:])
    place.wait("vrrp.51@up0", "10.5.0.100/32")


#: Of the state of a director with an ipvlan.
ALL_OF_IPVLAN = ("vrrp.51@eth0", "10.0.0.51/24", "10.0.0.100/32")


@pytest.fixture(name="with_ipvlan")
def _with_ipvlan(place):
    if not has_ipvlan():
        pytest.skip("this kernel has no ipvlan; test_vrrp_ipvlan.py runs this in user-mode Linux")
    place.configure(IPVLAN)
    place.director.start()
    place.wait(*ALL_OF_IPVLAN)
    return place


def test_a_stop_leaves_no_ipvlan(with_ipvlan):
    with_ipvlan.director.stop()
    assert _same(with_ipvlan), with_ipvlan.state()


def test_after_a_kill_the_next_start_takes_an_ipvlan_away(with_ipvlan):
    with_ipvlan.director.kill_all()
    with_ipvlan.configure(NOTHING)
    with_ipvlan.director.start()
    assert wait_until(lambda: with_ipvlan.has("10.0.0.100/32") and not with_ipvlan.has("vrrp.51"), SOON) is not None
    with_ipvlan.director.stop()
    assert _same(with_ipvlan), with_ipvlan.state()


def test_an_ipvlan_or_its_address_that_somebody_removes_comes_back_and_the_master_stays_it(with_ipvlan):
    for line in ("link del vrrp.51", "addr del 10.0.0.51/24 dev vrrp.51", "link set vrrp.51 down"):
        with_ipvlan.space.ip(line)
        with_ipvlan.wait("vrrp.51@eth0     UNKNOWN        10.0.0.51/24", *ALL_OF_IPVLAN)
    assert "FAULT" not in with_ipvlan.log(), with_ipvlan.log()


def test_an_ipvlan_stays_over_a_reload_and_is_another_with_another_mode(with_ipvlan):
    def number():
        return with_ipvlan.space.run("ip", "-o", "link", "show", "vrrp.51").partition(":")[0]
    before = number()
    with_ipvlan.configure(IPVLAN.replace("advert_int 0.4", "advert_int 0.5"))
    with_ipvlan.director.signal(signal.SIGHUP)
    assert wait_until(lambda: "configuration 2 is in force" in with_ipvlan.log(), SOON) is not None
    assert number() == before
    with_ipvlan.configure(IPVLAN.replace("10.0.0.51/24", "10.0.0.51/24 private"))
    with_ipvlan.director.signal(signal.SIGHUP)
    assert wait_until(lambda: "private" in with_ipvlan.space.run("ip", "-d", "link", "show", "vrrp.51", check=False), SOON) is not None
    with_ipvlan.wait(*ALL_OF_IPVLAN)


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
