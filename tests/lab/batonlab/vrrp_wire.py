"""Adverts and announcements as text that may be compared: what differs from packet to packet is left out, the rest is told."""
import collections
import socket

from .wire import is_gratuitous_arp, without_ip_id

VRRP, AH = 112, 51
ALL_NODES = socket.inet_pton(socket.AF_INET6, "ff02::1")
#: `flow` tells the adverts of one virtual router to one destination from all others; `interval` is in seconds.
Advert = collections.namedtuple("Advert", "flow router priority interval text")


def advert(frame):
    """The advert that a frame carries, or None."""
    data = frame.data
    if data[12:14] == b"\x08\x00" and data[23] in (VRRP, AH):
        return _advert4(data)
    if data[12:14] == b"\x86\xdd" and data[20] == VRRP:
        address = [socket.inet_ntop(socket.AF_INET6, data[at:at + 16]) for at in (22, 38)]
        return _advert(data, 6, address, data[21], data[54:], data)
    return None


def announcement(frame):
    """A gratuitous ARP or an unsolicited neighbour advertisement as text, or None."""
    data = frame.data
    if data[12:14] == b"\x86\xdd" and data[20] == 58 and data[38:54] == ALL_NODES:
        return f"NA {socket.inet_ntop(socket.AF_INET6, data[62:78])} from {_mac(data[6:12])}: {data.hex()}"
    if data[12:14] == b"\x08\x06" and is_gratuitous_arp(frame):
        return f"ARP {socket.inet_ntoa(data[28:32])} from {_mac(data[6:12])}: {data.hex()}"
    return None


def _advert4(data):
    start = 14 + (data[14] & 15) * 4
    masked = without_ip_id(data)
    if data[23] == AH:
        # the sequence number differs from packet to packet, and the check value with it
        masked = masked[:start + 8] + bytes(16) + masked[start + 24:]
        start += 24
    address = [socket.inet_ntoa(data[at:at + 4]) for at in (26, 30)]
    return _advert(data, 4, address, data[22], data[start:], masked)


def _advert(data, family, address, ttl, pdu, masked):  # pylint: disable=too-many-arguments
    version, vrid, priority = pdu[0] >> 4, pdu[1], pdu[2]
    interval = pdu[5] if version == 2 else ((pdu[4] & 15) << 8 | pdu[5]) / 100
    text = (f"v{version} vrid {vrid} priority {priority} every {interval} s, {address[0]} > {address[1]} ttl {ttl}, "
            f"{_mac(data[6:12])} > {_mac(data[:6])}: {masked.hex()}")
    return Advert((family, vrid, address[1]), f"vrid {vrid} IPv{family}", priority, interval, text)


def _mac(data):
    return data.hex(":")
