"""What a master makes of adverts of a stranger over IPv6, by unicast and with an Authentication Header."""
import hashlib
import hmac
import itertools
import os
import shutil
import socket
import struct
import tempfile
import time

import pytest

from batonlab.director import Director, wait_until
from batonlab.jobs import Batch
from batonlab.netns import Netns, Switch

OURS, STRANGER, OTHER = "10.0.0.1", "10.0.0.3", "10.0.0.4"
OURS6, STRANGER6, OTHER6 = "fe80::1", "fe80::3", "fe80::4"
VIP, VIP6 = "10.0.0.100", "fe80::100"
KEY = b"secret"
#: name: (lines of the instance, version, whether IPv6, where adverts go)
PATHS = {
    "IPv6": ("native_ipv6", 3, True, "ff02::12"),
    "IPv6 unicast": (f"unicast_src_ip {OURS6}\nunicast_peer {{\n{STRANGER6}\n}}", 3, True, OURS6),
    "v2 unicast": (f"unicast_peer {{\n{STRANGER}\n}}", 2, False, OURS),
    "v3 unicast": (f"version 3\nunicast_peer {{\n{STRANGER}\n}}", 3, False, OURS),
    "TTLs": (f"version 3\nunicast_peer {{\n{STRANGER} min_ttl 10 max_ttl 20\n}}", 3, False, OURS),
    "a group of its own": ("version 3\nmcast_dst_ip 224.0.0.99", 3, False, "224.0.0.99"),
    "AH": ("authentication {\nauth_type AH\nauth_pass secret\n}", 2, False, "224.0.0.18"),
    "an owner that ignores": ("version 3\nstrict_mode\nstate MASTER\npriority 255", 3, False, "224.0.0.18"),
}
#: name: (path, what is odd about the advert, whether the master yields); in this order
CASES = {
    "IPv6 higher": ("IPv6", {}, True),
    "IPv6 lower": ("IPv6", {"priority": 90}, False),
    "IPv6 same priority, higher address": ("IPv6", {"priority": 100}, True),
    "IPv6 hop limit 254": ("IPv6", {"ttl": 254}, False),
    "IPv6 wrong checksum": ("IPv6", {"spoil": 1}, False),
    "IPv6 checksum without pseudo-header": ("IPv6", {"pseudo": None}, False),
    "IPv6 other VRID": ("IPv6", {"vrid": 52}, False),
    "IPv6 version 2": ("IPv6", {"version": 2}, False),
    "IPv6 cut short": ("IPv6", {"cut": 6}, False),
    "IPv6 by unicast": ("IPv6", {"to": OURS6}, False),
    "IPv6 unicast higher": ("IPv6 unicast", {}, True),
    "IPv6 unicast hop limit 64": ("IPv6 unicast", {"ttl": 64}, True),
    "IPv6 unicast of a stranger": ("IPv6 unicast", {"source": OTHER6}, False),
    "IPv6 unicast to the group": ("IPv6 unicast", {"to": "ff02::12"}, False),
    "v2 unicast higher": ("v2 unicast", {}, True),
    "v2 unicast TTL 3": ("v2 unicast", {"ttl": 3}, True),
    "v2 unicast of a stranger": ("v2 unicast", {"source": OTHER}, False),
    "v2 unicast other interval": ("v2 unicast", {"interval": 5}, False),
    "v3 unicast higher": ("v3 unicast", {}, True),
    "v3 unicast of a stranger": ("v3 unicast", {"source": OTHER}, False),
    "v3 unicast to the group": ("v3 unicast", {"to": "224.0.0.18"}, False),
    "v3 unicast, the old checksum": ("v3 unicast", {"pseudo": "224.0.0.18"}, True),
    "TTL in the range": ("TTLs", {"ttl": 15}, True),
    "TTL below the range": ("TTLs", {"ttl": 9}, False),
    "TTL above the range": ("TTLs", {"ttl": 21}, False),
    "a group of its own": ("a group of its own", {}, True),
    "another group": ("a group of its own", {"to": "224.0.0.18"}, False),
    "AH, wrong key": ("AH", {"key": b"other", "sequence": 900}, False),
    "AH, none": ("AH", {"key": None}, False),
    "AH": ("AH", {"sequence": 1000}, True),
    "AH, a number of before": ("AH", {"sequence": 999}, False),
    "AH, an octet changed": ("AH", {"sequence": 9000, "flip": 50}, False),
    "an owner that ignores": ("an owner that ignores", {"priority": 255}, False),
}
#: Refused by Baton alone: keepalived hears strangers unless check_unicast_src is set.
STRANGERS = {name for name in CASES if name.endswith("of a stranger")}
#: What keepalived 2.2.7 does otherwise.
KEEPALIVED = {**dict.fromkeys(STRANGERS, True), "an owner that ignores": True}
_serial = itertools.count()


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


def octets(address):
    return socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)


def message(version, source, to, odd):
    """The VRRP part; `pseudo` is the destination that the pseudo-header has, None for no pseudo-header."""
    vip = octets(VIP6 if ":" in source else VIP)
    priority, vrid, interval = (odd.get(word, value) for word, value in (("priority", 200), ("vrid", 51), ("interval", 1)))
    if version == 2:
        authentication = 2 if odd.get("sequence") else 0
        head, tail, covered = bytes([0x21, vrid, priority, 1, authentication, interval]), vip + bytes(8), b""
    else:
        head, tail = bytes([0x31, vrid, priority, 1]) + struct.pack(">H", interval * 100), vip
        pseudo = odd.get("pseudo", to)
        covered = octets(source) + octets(pseudo) + struct.pack(">HH", 112, 8 + len(vip)) if pseudo else b""
    return head + struct.pack(">H", checksum(covered + head + b"\0\0" + tail) ^ odd.get("spoil", 0)) + tail


def ipv4_packet(source, to, ttl, body, odd):
    protocol, header = (51, 24) if odd.get("sequence") else (112, 0)
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0xc0, 20 + header + len(body), 7, 0, ttl, protocol, 0, octets(source), octets(to))
    if not header:
        return head + body
    parts = struct.pack(">BBH4sI", 112, 4, 0, octets(source), odd["sequence"])
    covered = head[:1] + b"\0" + head[2:] + parts + bytes(12) + body  # by multicast the TTL counts
    value = hmac.new(odd.get("key", KEY), covered, hashlib.md5).digest()[:12]
    packet = bytearray(head + parts + value + body)
    if "flip" in odd:
        packet[odd["flip"]] ^= 1
    return bytes(packet)


def send(netns, path, odd):
    """Sends one advert as the stranger."""
    _, version, is_v6, to = PATHS[path]
    odd = dict(odd)
    version, to, ttl = odd.get("version", version), odd.get("to", to), odd.get("ttl", 255)
    source = odd.get("source", STRANGER6 if is_v6 else STRANGER)
    body = message(version, source, to, odd)
    body = body[:len(body) - odd.get("cut", 0)]
    with netns.inside():
        index = socket.if_nametoindex("eth0")
        if is_v6:
            with socket.socket(socket.AF_INET6, socket.SOCK_RAW, 112) as sock:
                for option in (socket.IPV6_MULTICAST_HOPS, socket.IPV6_UNICAST_HOPS):
                    sock.setsockopt(socket.IPPROTO_IPV6, option, ttl)
                sock.bind((source, 0, 0, index))
                sock.sendto(body, (to, 0, 0, index))
            return
        with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as sock:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(STRANGER))
            sock.sendto(ipv4_packet(source, to, ttl, body, odd), (to, 0))


class Stage:
    """One director `d`, and a stranger `s` that has two addresses of each family."""

    def __init__(self, kind, path):
        lines, _, self.is_v6, _ = PATHS[path]
        tag = f"vproto{os.getpid() % 100000}x{next(_serial)}"
        self.folder = tempfile.mkdtemp(prefix="vprotolab.")
        self.switch = Switch(tag + "sw")
        self.spaces = {name: Netns(tag + name) for name in "ds"}
        for name, mac, hosts in (("d", "02:00:00:00:00:01", "1"), ("s", "02:00:00:00:00:03", "34")):
            space = self.spaces[name]
            for word in ("all", "default"):
                space.sysctl(f"net.ipv6.conf.{word}.disable_ipv6", 0)
                space.sysctl(f"net.ipv6.conf.{word}.accept_dad", 0)
            space.sysctl("net.ipv6.conf.default.addr_gen_mode", 1)
            self.switch.plug(name, space, "eth0", mac, *(f"addr add 10.0.0.{host}/24 dev eth0" for host in hosts),
                             *(f"addr add fe80::{host}/64 dev eth0 nodad" for host in hosts))
        self.director = Director("d", self.spaces["d"], kind, self.folder, "-P")
        priority = "" if "priority" in lines else "priority 100\n"
        self.director.write(f"vrrp_instance VI_1 {{\ninterface eth0\nvirtual_router_id 51\n{priority}{lines}\n"
                            f"virtual_ipaddress {{\n{VIP6 if self.is_v6 else VIP}\n}}\n}}\n")
        self.director.start()

    def holds(self):
        address = VIP6 if self.is_v6 else VIP
        return f" {address}/" in self.spaces["d"].run("ip", "addr", "show", "dev", "eth0")

    def close(self):
        self.director.stop()
        self.switch.close()
        for space in self.spaces.values():
            space.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def play(kind, path):
    """{case: whether the master yielded} for the cases of a path."""
    outcomes = {}
    stage = Stage(kind, path)
    try:
        for name, (_, odd, _) in [(name, case) for name, case in CASES.items() if case[0] == path]:
            assert wait_until(stage.holds, 8) is not None, f"{path}, {name}: {stage.director.log()[-2000:]}"
            time.sleep(0.3)
            send(stage.spaces["s"], path, odd)
            outcomes[name] = wait_until(lambda: not stage.holds(), 0.7) is not None
    finally:
        stage.close()
    return outcomes


@pytest.fixture(scope="module", params=["baton", "keepalived"])
def outcomes(request):
    """The kind of daemon, and {case: whether it yielded}; the paths side by side."""
    from conftest import need  # pylint: disable=import-outside-toplevel
    need((request.param,))
    batch = Batch({path: lambda path=path: play(request.param, path) for path in PATHS})
    found = {}
    for path in PATHS:
        found.update(batch.result(path))
    return request.param, found


@pytest.mark.parametrize("case", CASES)
def test_the_master_yields_to_good_adverts_alone(outcomes, case):  # pylint: disable=redefined-outer-name
    kind, yielded = outcomes
    wanted = KEEPALIVED.get(case, CASES[case][2]) if kind == "keepalived" else CASES[case][2]
    assert yielded[case] is wanted
