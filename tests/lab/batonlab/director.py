"""One director: the daemon in its namespace, and what its kernel holds."""
import ctypes
import fcntl
import json
import os
import shlex
import signal
import socket
import struct
import subprocess
import time

from .netns import LabError

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
BATOND = os.environ.get("BATOND", os.path.join(ROOT, "build", "release", "batond"))
SIOCGIFCONF, IFREQ_BYTES = 0x8912, 40
FILES = " -f {conf} -p {pid} -r {vrrp} -c {checkers}"
#: What is run for each kind of daemon.  keepalived's -G keeps it off the machine's system log.
COMMANDS = {"baton": BATOND + " -n -l -D" + FILES, "keepalived": "keepalived -n -l -G -D" + FILES}


def command_for(kind):
    """The command template of a kind of daemon; anything that is not a kind is itself a program with its options."""
    if kind in COMMANDS:
        return COMMANDS[kind]
    return kind if "{conf}" in kind else kind + FILES


def available(kind):
    """Whether the program of this kind of daemon can be started here."""
    program = shlex.split(command_for(kind))[0]
    folders = os.environ.get("PATH", "").split(":") + ["/usr/sbin", "/sbin"]
    paths = [program] if "/" in program else [os.path.join(folder, program) for folder in folders]
    return any(os.access(path, os.X_OK) for path in paths)


def process_tree(pid):
    """The process and all its descendants, parents first."""
    found, todo = [], [pid]
    while todo:
        pid = todo.pop(0)
        found.append(pid)
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
                    todo += [int(word) for word in file.read().split()]
        except OSError:
            pass  # it has just ended
    return found


def wait_until(condition, seconds, pause=0.02):
    """Waits until the condition holds; returns the seconds it took, or None when it never did."""
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > seconds:
            return None
        time.sleep(pause)
    return time.monotonic() - start


class Director:
    """A director's namespace, with a daemon of some kind that is started, stopped and killed again and again."""

    def __init__(self, name, netns, kind, folder, options=""):
        self.name, self.netns, self.kind = name, netns, kind
        self.options = options
        self.files = {what: os.path.join(folder, f"{name}.{what}")
                      for what in ("conf", "pid", "vrrp", "checkers", "log")}
        self.process = None

    def write(self, configuration):
        with open(self.files["conf"], "w", encoding="utf-8") as file:
            file.write(configuration)

    def start(self):
        if self.running():
            raise LabError(f"{self.name} runs already")
        for what in ("pid", "vrrp", "checkers"):
            if os.path.exists(self.files[what]):
                os.unlink(self.files[what])
        argv = shlex.split(command_for(self.kind).format(**self.files) + " " + self.options)
        with open(self.files["log"], "a", encoding="utf-8") as log:
            log.write(f"--- {' '.join(argv)}\n")
            log.flush()
            self.process = self.netns.popen(argv, stdout=log, stderr=subprocess.STDOUT)

    def running(self):
        return self.process is not None and self.process.poll() is None

    def pid_of(self, role):
        """The process of a role, 'vrrp' or 'checkers', from its pid file; None when there is none."""
        try:
            with open(self.files[role], encoding="ascii") as file:
                return int(file.read())
        except (OSError, ValueError):
            return None

    def signal(self, number):
        os.kill(self.process.pid, number)

    def stop(self, seconds=10):
        """TERM, as an operator stops it.  Returns (exit code, seconds); the code is None when it had to be killed."""
        if self.process is None:
            return None, 0.0
        start, tree = time.monotonic(), process_tree(self.process.pid)
        if self.process.poll() is None:
            self.process.terminate()
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
        took = time.monotonic() - start
        if code is None:
            _kill(tree)
            self.process.wait()
        self.process = None
        return code, took

    def kill_all(self):
        """KILL of every process at once: nothing has a chance to tidy up.  Returns when it happened."""
        tree = process_tree(self.process.pid)
        for pid in tree:  # frozen first, so that no parent sees a child die and acts on it
            _send(pid, signal.SIGSTOP)
        for pid in tree[1:]:
            _send(pid, signal.SIGKILL)
        when = time.time()
        _send(tree[0], signal.SIGKILL)
        self.process.wait()
        self.process = None
        return when

    def kill_role(self, role):
        """KILL of one role's process.  Returns when it happened."""
        pid = self.pid_of(role)
        if pid is None or pid not in process_tree(self.process.pid):
            raise LabError(f"{self.name}: no running {role} process is named in {self.files[role]}")
        when = time.time()
        os.kill(pid, signal.SIGKILL)
        return when

    def log(self):
        try:
            with open(self.files["log"], encoding="utf-8", errors="replace") as file:
                return file.read()
        except OSError:
            return ""

    def addresses(self, interface="eth0"):
        """Its IPv4 addresses as (address/prefix, label, scope, secondary, broadcast), in the kernel's order."""
        found = json.loads(self.netns.run("ip", "-j", "-4", "addr", "show", "dev", interface) or "[]")
        return [(f"{a['local']}/{a['prefixlen']}", a.get("label"), a["scope"], a.get("secondary", False),
                 a.get("broadcast")) for link in found for a in link.get("addr_info", [])]

    def holds(self, address):
        """Whether any of its interfaces has the address: one system call, so that it may be asked often."""
        with self.netns.inside():
            return socket.inet_aton(address) in local_addresses()


def local_addresses():
    """The IPv4 addresses (four bytes each) of the calling thread's namespace."""
    size = 128 * IFREQ_BYTES
    room = ctypes.create_string_buffer(size)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        filled = fcntl.ioctl(sock, SIOCGIFCONF, struct.pack("iL", size, ctypes.addressof(room)))
    used = struct.unpack("iL", filled)[0]
    return {room.raw[at + 20:at + 24] for at in range(0, used, IFREQ_BYTES)}


def _send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def _kill(pids):
    for pid in pids:
        _send(pid, signal.SIGKILL)
