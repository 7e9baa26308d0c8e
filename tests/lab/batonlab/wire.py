"""What passes on the switch: ARP, neighbour advertisements and VRRP as they arrive from each host, with the kernel's
timestamps."""
import collections
import ctypes
import select
import socket
import struct
import threading
import time

SO_TIMESTAMPNS = 35
SO_ATTACH_FILTER = 26
SO_RCVBUFFORCE = 33
PACKET_OUTGOING = 4
ETH_P_ALL = 3
#: "ARP; IPv4 with protocol 112 or 51 (AH); IPv6 with protocol 112, or a neighbour advertisement", in classic BPF
FILTER = ((0x28, 0, 0, 12), (0x15, 11, 0, 0x0806), (0x15, 0, 3, 0x0800),
          (0x30, 0, 0, 23), (0x15, 8, 0, 112), (0x15, 7, 6, 51), (0x15, 0, 5, 0x86dd),
          (0x30, 0, 0, 20), (0x15, 4, 0, 112), (0x15, 0, 2, 58),
          (0x30, 0, 0, 54), (0x15, 1, 0, 136), (0x06, 0, 0, 0), (0x06, 0, 0, 0xffff))

#: One frame: when it arrived (seconds since the epoch), on which port, its bytes.
Frame = collections.namedtuple("Frame", "time port data")


class Capture:
    """Collects frames from ports of a switch until closed."""

    def __init__(self, netns, ports):
        self._frames = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._ports = {self._open(netns, port): port for port in ports}
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    @staticmethod
    def _open(netns, port):
        code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in FILTER))
        with netns.inside():
            sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER,
                        struct.pack("HxxxxxxP", len(FILTER), ctypes.addressof(code)))
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 4 << 20)
        sock.bind((port, ETH_P_ALL))
        sock.setblocking(False)
        return sock

    def _collect(self):
        poll = select.poll()
        by_fd = {sock.fileno(): sock for sock in self._ports}
        for fd in by_fd:
            poll.register(fd, select.POLLIN)
        while not self._stop.is_set():
            for fd, _ in poll.poll(200):
                self._drain(by_fd[fd])

    def _drain(self, sock):
        while True:
            try:
                data, ancillary, _, address = sock.recvmsg(2048, 256)
            except BlockingIOError:
                return
            except OSError:  # the port went down or away: reported once
                return
            if address[2] != PACKET_OUTGOING:
                with self._lock:
                    self._frames.append(Frame(_stamp(ancillary), self._ports[sock], data))

    def frames(self, port=None, since=0.0, until=float("inf")):
        """The frames so far in order of arrival, those of one port if named, within [since, until)."""
        with self._lock:
            found = [f for f in self._frames if port in (None, f.port) and since <= f.time < until]
        return sorted(found)

    def after(self, position):
        """The frames that were collected after the first `position` ones, by which the caller tells where it was."""
        with self._lock:
            return self._frames[position:]

    def close(self):
        self._stop.set()
        self._thread.join()
        for sock in self._ports:
            sock.close()


def _stamp(ancillary):
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
            seconds, nanoseconds = struct.unpack("qq", data[:16])
            return seconds + nanoseconds / 1e9
    return time.time()


def is_advert(frame):
    return frame.data[12:14] == b"\x08\x00" and frame.data[23] == 112


def advert_priority(frame):
    header = 14 + (frame.data[14] & 15) * 4
    return frame.data[header + 2]


def is_gratuitous_arp(frame):
    """A broadcast that tells all who has an address; not the kernel's own answer to the other director's."""
    data = frame.data
    return data[:6] == b"\xff" * 6 and data[12:14] == b"\x08\x06" and data[28:32] == data[38:42] != b"\0\0\0\0"


def arp_address(frame):
    return socket.inet_ntoa(frame.data[28:32])


def without_ip_id(data):
    """An IPv4 frame with what may differ from packet to packet (identification and its checksum) set to zero."""
    return data[:18] + b"\0\0" + data[20:24] + b"\0\0" + data[26:]
