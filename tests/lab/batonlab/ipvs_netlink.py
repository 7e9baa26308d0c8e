"""The kernel's IPVS table by generic netlink, whole and cheap: thresholds and tunnels too, and no process for it."""
import os
import socket
import struct

NETLINK_GENERIC, GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 16, 3
NLM_F_REQUEST, NLM_F_DUMP = 1, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
GET_SERVICE, GET_DEST = 4, 8
SERVICE, DEST = 1, 2  # attributes of a command
HASHED = 0x0002       # a flag of the kernel's own
FLAGS = {0x0001: "persistent", 0x0004: "ops", 0x0008: "flag-1", 0x0010: "flag-2", 0x0020: "flag-3"}
METHODS = {0: "NAT", 1: "LOCAL", 2: "TUN", 3: "DR", 4: "BYPASS"}
TUNNELS, CHECKSUMS = {0: "ipip", 1: "gue", 2: "gre"}, {0: "nocsum", 1: "csum", 2: "remcsum"}
PROTOCOLS = {6: "TCP", 17: "UDP", 132: "SCTP"}


def _attribute(kind, payload):
    data = struct.pack("=HH", 4 + len(payload), kind) + payload
    return data + bytes(-len(data) % 4)


def _attributes(data):
    found, at = {}, 0
    while at + 4 <= len(data):
        length, kind = struct.unpack_from("=HH", data, at)
        found[kind & 0x3fff] = data[at + 4:at + length]
        at += max(4, length + (-length % 4))
    return found


def _number(data, order="little"):
    return int.from_bytes(data, order)


def _address(family, data):
    return socket.inet_ntop(family, data[:16 if family == socket.AF_INET6 else 4])


def _endpoint(family, address, port):
    text = _address(family, address)
    return f"[{text}]:{port}" if family == socket.AF_INET6 else f"{text}:{port}"


class Table:
    """The IPVS of the namespace in which this is made."""

    def __init__(self):
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        self._socket.settimeout(5)
        reply = self._ask(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, _attribute(2, b"IPVS\0"), 0)
        self._family = _number(reply[0][1])

    def _ask(self, family, command, payload, flags=NLM_F_DUMP):
        """The attributes of each message of the answer."""
        body = struct.pack("=BBH", command, 1, 0) + payload
        self._socket.send(struct.pack("=IHHII", 16 + len(body), family, NLM_F_REQUEST | flags, 1, 0) + body)
        found = []
        while True:
            data = self._socket.recv(1 << 16)
            at = 0
            while at < len(data):
                length, kind = struct.unpack_from("=IH", data, at)
                if kind == NLMSG_ERROR:
                    code = -struct.unpack_from("=i", data, at + 16)[0]
                    if code:
                        raise OSError(code, os.strerror(code))
                    return found
                if kind == NLMSG_DONE:
                    return found
                found.append(_attributes(data[at + 20:at + length]))
                at += length + (-length % 4)
            if flags != NLM_F_DUMP:
                return found

    def lines(self):
        """The table as sorted lines: each service, and each real server behind its service's key."""
        found = []
        for message in self._ask(self._family, GET_SERVICE, b""):
            attributes = _attributes(message[SERVICE])
            key = _key(attributes)
            found.append(key + _service(attributes))
            identity = b"".join(_attribute(kind, attributes[kind]) for kind in (1, 2, 3, 4, 5) if kind in attributes)
            for dest in self._dests(identity):
                found.append(f"{key} -> " + _dest(_attributes(dest[DEST]), _number(attributes[1])))
        return sorted(found)

    def _dests(self, identity):
        try:
            return self._ask(self._family, GET_DEST, _attribute(SERVICE, identity))
        except ProcessLookupError:
            return []  # the service has just been removed

    def close(self):
        self._socket.close()


def _key(service):
    family = _number(service[1])
    if 5 in service:
        return f"FWM {_number(service[5])}" + (" IPv6" if family == socket.AF_INET6 else "")
    protocol = _number(service[2])
    return f"{PROTOCOLS.get(protocol, protocol)} {_endpoint(family, service[3], _number(service[4], 'big'))}"


def _service(service):
    words = ["", service[6].rstrip(b"\0").decode()]
    flags = _number(service[7][:4]) & ~HASHED
    words += [name for bit, name in FLAGS.items() if flags & bit]
    if flags & 1:
        family = _number(service[1])
        mask = (str(_number(service[9])) if family == socket.AF_INET6 else _address(family, service[9]))
        words += [f"timeout {_number(service[8])}", f"netmask {mask}"]
    if 11 in service:
        words.append("pe " + service[11].rstrip(b"\0").decode())
    return " ".join(words)


def _dest(dest, family):
    family = _number(dest[11]) if 11 in dest else family
    method = METHODS.get(_number(dest[3]) & 7, "?")
    words = [_endpoint(family, dest[1], _number(dest[2], "big")), method, f"weight {_number(dest[4])}"]
    if method == "TUN":
        tunnel = _number(dest.get(13, b"\0"))
        words.append(TUNNELS.get(tunnel, str(tunnel)))
        if tunnel == 1:
            words.append(f"port {_number(dest[14], 'big')}")
        if tunnel:
            words.append(CHECKSUMS.get(_number(dest.get(15, b"\0")), "?"))
    upper, lower = _number(dest[5]), _number(dest[6])
    if upper or lower:
        words.append(f"thresholds {lower}..{upper}")
    return " ".join(words)
