"""The kernel's IPVS table of one namespace, as the kernel and ipvsadm tell it."""
import collections
import re
import socket
import struct

from .netns import run

#: A service: its scheduler, whether it is persistent, and {real server "address:port": (forwarding, weight)}.
Service = collections.namedtuple("Service", "scheduler persistent servers")
METHODS = {"Route": "DR", "Masq": "NAT", "Tunnel": "TUN", "Local": "LOCAL"}


def in_kernel():
    """Whether this kernel has IPVS, loading its module if it can be loaded."""
    run("modprobe", "ip_vs", check=False)
    try:
        with open("/proc/thread-self/net/ip_vs", encoding="ascii"):
            return True
    except OSError:
        return False


def _endpoint(text):
    address, port = text.split(":")
    return f"{socket.inet_ntoa(struct.pack('>I', int(address, 16)))}:{int(port, 16)}"


def table(netns):
    """{"TCP address:port": Service}, read without starting a process."""
    with netns.inside(), open("/proc/thread-self/net/ip_vs", encoding="ascii") as file:
        lines = file.read().splitlines()[3:]
    services = {}
    for line in lines:
        words = line.split()
        if words[0] == "->":
            last.servers[_endpoint(words[1])] = (METHODS.get(words[2], words[2]), int(words[3]))
        elif words[0] in ("TCP", "UDP"):
            last = services[f"{words[0]} {_endpoint(words[1])}"] = Service(words[2], words[3:4] == ["persistent"], {})
    return services


def connections(netns):
    """{real server: (connections, packets in, packets out)} since it was added."""
    text = netns.run("ipvsadm", "-Ln", "--stats", "--exact")
    rows = re.findall(r"-> (\S+:\d+) +(\d+) +(\d+) +(\d+)", text)
    return {server: (int(conns), int(packets_in), int(packets_out)) for server, conns, packets_in, packets_out in rows}
