"""Network namespaces, the commands run in them, and a switch (one or more bridges in a namespace of its own)."""
import contextlib
import ctypes
import fcntl
import os
import socket
import struct
import subprocess

CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
_libc = ctypes.CDLL(None, use_errno=True)


class LabError(RuntimeError):
    """The lab itself could not do what it was asked; never a finding about a daemon."""


def run(*argv, check=True, timeout=30, stdin=None):
    """Runs a command in the calling thread's namespace and returns what it printed."""
    done = subprocess.run(argv, input=stdin, stdin=subprocess.DEVNULL if stdin is None else None, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, check=False)
    if check and done.returncode:
        raise LabError(f"{' '.join(argv)}: exit {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def setns(fd):
    """Moves the calling thread into a network namespace."""
    if _libc.setns(fd, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def _loopback_up():
    """Sets lo up in the calling thread's namespace, without a process for it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))


def has_ipvlan():
    """Whether this kernel has ipvlans; the module is loaded if need be."""
    if os.geteuid() != 0:
        return False
    trial = "ip link add v0 type veth peer name v1 && ip link add link v0 name ip0 type ipvlan"
    return subprocess.run(["unshare", "-n", "sh", "-c", trial], stderr=subprocess.DEVNULL, check=False).returncode == 0


class Netns:
    """A named network namespace; it exists from the constructor until close()."""

    def __init__(self, name):
        self.name = name
        if os.path.exists(f"/run/netns/{name}"):
            run("ip", "netns", "del", name)
        run("ip", "netns", "add", name)
        with self.inside():
            _loopback_up()
        self.sysctl("net.ipv6.conf.all.disable_ipv6", 1)
        self.sysctl("net.ipv6.conf.default.disable_ipv6", 1)

    @contextlib.contextmanager
    def inside(self):
        """The calling thread, and whatever it starts, is in this namespace while the block runs."""
        old = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            new = os.open(f"/run/netns/{self.name}", os.O_RDONLY | os.O_CLOEXEC)
            try:
                setns(new)
            finally:
                os.close(new)
            yield self
        finally:
            setns(old)
            os.close(old)

    def run(self, *argv, **kwargs):
        with self.inside():
            return run(*argv, **kwargs)

    def popen(self, argv, **kwargs):
        """Starts a process here; its standard input is /dev/null."""
        with self.inside():
            return subprocess.Popen(argv, stdin=subprocess.DEVNULL, **kwargs)

    def ip(self, *lines):
        """Carries out lines of `ip` commands in one process."""
        return self.run("ip", "-batch", "-", stdin="\n".join(lines) + "\n")

    def sysctl(self, name, value):
        with self.inside(), open("/proc/sys/" + name.replace(".", "/"), "w", encoding="ascii") as file:
            file.write(str(value))

    def close(self):
        run("ip", "netns", "del", self.name, check=False)


class Switch:
    """A namespace of bridges.  Its port towards host H's interface I is called H-I, e.g. d1-eth0."""

    def __init__(self, name, bridges=("br0",)):
        self.ns = Netns(name)
        self.ns.ip(*(f"link add {b} type bridge stp_state 0 mcast_snooping 0 forward_delay 0" for b in bridges),
                   *(f"link set {b} up" for b in bridges))

    def plug(self, host, netns, interface, mac, *lines, bridge="br0"):
        """Joins an interface of `netns` to a bridge, carries out more `ip` commands there, returns the port's name."""
        port = f"{host}-{interface}"
        self.ns.ip(f"link add {port} type veth peer name {interface} address {mac} netns {netns.name}",
                   f"link set {port} master {bridge}", f"link set {port} up")
        netns.ip(f"link set {interface} up", *lines)
        return port

    def close(self):
        self.ns.close()
