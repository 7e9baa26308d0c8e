"""A machine behind the directors that `batond --real-server` prepares for its services."""
import os
import socket
import subprocess

from .director import BATOND, local_addresses

SYSCTLS = [f"net.ipv4.conf.{where}.{what}" for where in ("all", "lo") for what in ("arp_ignore", "arp_announce")]


class RealServer:
    """The daemon in its namespace, which is started, stopped and killed again and again."""

    def __init__(self, name, netns, folder):
        self.netns = netns
        self.files = {what: os.path.join(folder, f"{name}.real-server.{what}") for what in ("conf", "pid", "log")}
        self.process = None

    def write(self, configuration):
        with open(self.files["conf"], "w", encoding="utf-8") as file:
            file.write(configuration)

    def _argv(self, *more):
        return [BATOND, "--real-server", "-f", self.files["conf"], "-p", self.files["pid"], *more]

    def start(self, configuration=None):
        if configuration is not None:
            self.write(configuration)
        with open(self.files["log"], "a", encoding="utf-8") as log:
            self.process = self.netns.popen(self._argv("-n", "-l", "-D"), stdout=log, stderr=subprocess.STDOUT)

    def check(self):
        """What --check says is missing, line by line, and its exit status."""
        with self.netns.inside():
            done = subprocess.run(self._argv("--check"), stdin=subprocess.DEVNULL, text=True, capture_output=True,
                                  timeout=30, check=False)
        return done.stdout.splitlines(), done.returncode

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self, seconds=10):
        """TERM, as an operator stops it; its exit status, None when it had to be killed or did not run."""
        if self.process is None:
            return None
        self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return None
        finally:
            self.process = None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def holds(self, address):
        with self.netns.inside():
            return socket.inet_aton(address) in local_addresses()

    def sysctls(self):
        """{name: value} of what DR sets."""
        values = {}
        for name in SYSCTLS:
            with self.netns.inside(), open("/proc/sys/" + name.replace(".", "/"), encoding="ascii") as file:
                values[name] = int(file.read())
        return values

    def log(self):
        try:
            with open(self.files["log"], encoding="utf-8", errors="replace") as file:
                return file.read()
        except OSError:
            return ""
