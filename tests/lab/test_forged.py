"""What a master makes of adverts of a stranger: it yields to a good one of higher priority, and to nothing else."""
import socket
import struct
import time

import pytest

from batonlab import pair
from batonlab.director import wait_until
from batonlab.jobs import Batch

GROUP, STRANGER = "224.0.0.18", "10.0.0.3"
#: name: (variant, what is odd about the advert, whether the master yields)
CASES = {
    "v2 higher": ("v2", {}, True),
    "v2 lower": ("v2", {"priority": 90}, False),
    "v2 same priority, higher address": ("v2", {"priority": 100}, True),
    "v2 TTL 254": ("v2", {"ttl": 254}, False),
    "v2 wrong checksum": ("v2", {"spoil": 1}, False),
    "v2 other VRID": ("v2", {"vrid": 52}, False),
    "v2 with a password where none is": ("v2", {"password": b"1111"}, False),
    "v2 cut short": ("v2", {"cut": 6}, False),
    "v2 version 3": ("v2", {"version": 3}, False),
    "v2 other interval": ("v2", {"interval": 5}, False),
    "v2-pass right": ("v2-pass", {"password": b"1111"}, True),
    "v2-pass wrong": ("v2-pass", {"password": b"2222"}, False),
    "v2-pass none": ("v2-pass", {}, False),
    "v3 with pseudo-header": ("v3", {}, True),
    "v3 without pseudo-header": ("v3", {"pseudo": False}, True),
    "v3 wrong checksum": ("v3", {"spoil": 1}, False),
    "v3 TTL 254": ("v3", {"ttl": 254}, False),
    "v3 version 2": ("v3", {"version": 2}, False),
}
#: Taken by Baton, which accepts both readings of RFC 5798, and refused by keepalived 2.2.7.
WIDER = {"v3 without pseudo-header"}


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


def advert(version, *, priority=200, vrid=51, interval=1, password=None, pseudo=True, spoil=0):
    """The VRRP part of an advert for the pair's VIP."""
    vip = socket.inet_aton(pair.VIP)
    if version == 2:
        head = bytes([0x21, vrid, priority, 1, 1 if password else 0, interval])
        tail = vip + (password or b"").ljust(8, b"\0")
        covered = b""
    else:
        head, tail = bytes([0x31, vrid, priority, 1]) + struct.pack(">H", interval * 100), vip
        covered = socket.inet_aton(STRANGER) + socket.inet_aton(GROUP) + struct.pack(">HH", 112, 12) if pseudo else b""
    return head + struct.pack(">H", checksum(covered + head + b"\0\0" + tail) ^ spoil) + tail


def send(netns, ours, odd):
    """Sends one advert as the stranger."""
    odd = dict(odd)
    version, ttl, cut = odd.pop("version", ours), odd.pop("ttl", 255), odd.pop("cut", 0)
    data = advert(version, **odd)
    with netns.inside(), socket.socket(socket.AF_INET, socket.SOCK_RAW, 112) as sock:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, ttl)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(STRANGER))
        sock.sendto(data[:len(data) - cut], (GROUP, 0))


def play(kind, variant):
    """{case: whether the master yielded} for the cases of a variant."""
    outcomes = {}
    with pair.Pair((kind, kind), variant, vips=(pair.VIP,)) as directors:
        directors.start("d1")
        for name, (_, odd, _) in [(name, case) for name, case in CASES.items() if case[0] == variant]:
            assert directors.wait_master("d1") is not None, directors["d1"].log()[-2000:]
            time.sleep(0.3)
            send(directors.spaces["cl"], pair.VARIANTS[variant][0], odd)
            outcomes[name] = wait_until(lambda: not directors["d1"].holds(pair.VIP), 0.6) is not None
    return outcomes


@pytest.fixture(scope="module", params=["baton", "keepalived"])
def outcomes(request):
    """The kind of daemon, and {case: whether it yielded}; the variants side by side."""
    from conftest import need  # pylint: disable=import-outside-toplevel
    need((request.param,))
    batch = Batch({variant: lambda variant=variant: play(request.param, variant) for variant in pair.VARIANTS})
    found = {}
    for variant in pair.VARIANTS:
        found.update(batch.result(variant))
    return request.param, found


@pytest.mark.parametrize("case", CASES)
def test_the_master_yields_to_good_adverts_alone(outcomes, case):
    kind, yielded = outcomes
    wanted = CASES[case][2] and not (kind == "keepalived" and case in WIDER)
    assert yielded[case] is wanted
