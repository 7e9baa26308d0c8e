"""A whole LVS cluster on one switch: two directors, two real servers, one that says sorry, and a client."""
import collections
import itertools
import os
import re
import shutil
import sys
import tempfile
import time

from . import ipvs, wire
from .client import Client
from .director import ROOT, Director, wait_until
from .real_server import RealServer
from .netns import LabError, Netns, Switch

#: One cluster's addresses, those of the example configurations.
Plan = collections.namedtuple("Plan", "vip port network directors servers server_port sorry client inner")
PLANS = {
    "dr": Plan("192.168.37.189", 8088, "192.168.37", {"d1": 11, "d2": 12}, {"rs1": 183, "rs2": 184}, 8088, 185, 50,
               None),
    "nat": Plan("192.168.101.100", 80, "192.168.101", {"d1": 201, "d2": 202}, {"rs1": 110, "rs2": 210}, 8088, 220, 50,
                "192.168.10"),
    "tun": Plan("172.25.67.100", 80, "172.25.67", {"d1": 1, "d2": 4}, {"rs1": 2, "rs2": 3}, 80, 5, 50, None),
}
SERVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "server.py")
_serial = itertools.count()


def example(mode, name):
    """The example configuration of a director."""
    role = {"d1": "master", "d2": "backup"}[name]
    with open(os.path.join(ROOT, "etc", "examples", f"{mode}-{role}.conf"), encoding="utf-8") as file:
        return file.read()


def vary(text, scheduler=None, service=(), weights=(1, 1), inhibit=()):
    """An example with another scheduler, more lines in virtual_server, other weights, some inhibited on failure."""
    if scheduler:
        text = re.sub(r"lb_algo \S+", f"lb_algo {scheduler}", text)
    if service:
        text = text.replace("    protocol TCP\n", "    protocol TCP\n" + "".join(f"    {line}\n" for line in service))
    number = itertools.count()

    def weighted(_):
        index = next(number)
        return f"weight {weights[index]}" + ("\n        inhibit_on_failure" if index in inhibit else "")
    return re.sub(r"weight \d+", weighted, text)


def start_web_server(netns, folder, name, port, *certificate):
    """Starts server.py in a namespace, with TLS if there is a certificate; returns its process once it listens."""
    def listens():
        with netns.inside(), open("/proc/thread-self/net/tcp", encoding="ascii") as file:
            return f"00000000:{port:04X} 00000000:0000 0A" in file.read()

    with open(os.path.join(folder, name + ".web"), "a", encoding="utf-8") as log:
        argv = [sys.executable, "-I", "-S", SERVER, name, str(port), *certificate]
        server = netns.popen(argv, stdout=log, stderr=log)
    if wait_until(listens, 20) is None:
        raise LabError(f"the web server {name} did not start, see {log.name}")
    return server


class Cluster:
    """The cluster of a mode; it exists, without daemons, from the constructor until close()."""

    def __init__(self, mode, kinds, prefix=None, with_sorry=True, options=""):
        self.mode, self.plan = mode, PLANS[mode]
        prefix = prefix or f"bl{os.getpid() % 100000}c{next(_serial)}"
        self.folder = tempfile.mkdtemp(prefix="batonlab.")
        self.servers, self.clients, self.spaces, self.prepared = {}, [], {}, {}
        self.switch = Switch(prefix + "switch", ("br0", "br1") if self.plan.inner else ("br0",))
        self.hosts = ["d1", "d2", "rs1", "rs2"] + (["sorry"] if with_sorry else []) + ["client"]
        for number, host in enumerate(self.hosts, 1):
            self.spaces[host] = Netns(prefix + host)
            self._plug(host, number)
        self.directors = {name: Director(name, self.spaces[name], kind, self.folder, options)
                          for name, kind in zip(("d1", "d2"), kinds)}
        for name, director in self.directors.items():
            director.write(example(mode, name))
        self.capture = wire.Capture(self.switch.ns, ("d1-eth0", "d2-eth0"))
        self._prepare_servers()
        for host in self.hosts[2:-1]:
            self.start_server(host)

    def __getitem__(self, name):
        return self.directors[name]

    def address(self, host):
        """A host's own address (a director's outer one)."""
        plan = self.plan
        if host in plan.directors or host == "client":
            return f"{plan.network}.{plan.directors.get(host, plan.client)}"
        return f"{plan.inner or plan.network}.{plan.servers.get(host, plan.sorry)}"

    def endpoint(self, host):
        return f"{self.address(host)}:{self.plan.server_port}"

    @property
    def service(self):
        """The service's key in ipvs.table()."""
        return f"TCP {self.plan.vip}:{self.plan.port}"

    def _plug(self, host, number):
        space, mac = self.spaces[host], f"02:00:00:00:00:{number:02x}"
        inside = self.plan.inner and host in ("rs1", "rs2", "sorry")
        more = [f"route replace default via {self.plan.inner}.1"] if inside else []
        self.switch.plug(host, space, "eth0", mac, f"addr add {self.address(host)}/24 dev eth0", *more,
                         bridge="br1" if inside else "br0")
        if self.plan.inner and host in self.plan.directors:
            self.switch.plug(host, space, "eth1", "02:00:00:00:01" + mac[-3:],
                             f"addr add {self.plan.inner}.{number + 1}/24 dev eth1", bridge="br1")
            space.sysctl("net.ipv4.ip_forward", 1)

    def _prepare_servers(self):
        """Real servers of DR and TUN prepare themselves by the first director's own file, a sorry server with them."""
        if self.mode == "nat":
            return
        sorry = f"sorry_server {self.address('sorry')} {self.plan.server_port}"
        text = vary(example(self.mode, "d1"), service=(sorry,))
        for host in self.hosts[2:-1]:
            self.prepared[host] = RealServer(host, self.spaces[host], self.folder)
            self.prepared[host].start(text)
        for host, server in self.prepared.items():
            if wait_until(lambda server=server: server.holds(self.plan.vip), 20) is None:
                raise LabError(f"{host} did not prepare itself: {server.log()}")

    def start_server(self, host):
        """Starts the web server of a real server and waits until it listens."""
        self.servers[host] = start_web_server(self.spaces[host], self.folder, host, self.plan.server_port)

    def start_other(self, key, host, name, port, *certificate):
        """Starts one more web server on a host, to be killed as `key`."""
        self.servers[key] = start_web_server(self.spaces[host], self.folder, name, port, *certificate)

    def kill_server(self, host):
        """KILL of a real server's web server.  Returns when."""
        when = time.time()
        self.servers[host].kill()
        self.servers[host].wait()
        return when

    def client(self, target=None, **kwargs):
        """A client that asks the VIP, or another (address, port), from now on."""
        self.clients.append(Client(self.spaces["client"], target or (self.plan.vip, self.plan.port), **kwargs))
        return self.clients[-1]

    def table(self, name):
        """The IPVS table of a director."""
        return ipvs.table(self.spaces[name])

    def weights(self, name):
        """{real server: weight} of the service on a director; {} when it has no such service."""
        found = self.table(name).get(self.service)
        return {server: weight for server, (_, weight) in found.servers.items()} if found else {}

    def wait_weights(self, name, wanted, seconds=30):
        """Waits until the service on a director has exactly these {host: weight}; the seconds it took or None."""
        wanted = {self.endpoint(host): weight for host, weight in wanted.items()}
        return wait_until(lambda: self.weights(name) == wanted, seconds, 0.05)

    def wait_vip(self, name, seconds=45):
        """Waits until a director holds the VIP; the seconds it took or None.  Patient: a shared processor may be slow."""
        return wait_until(lambda: self[name].holds(self.plan.vip), seconds)

    def close(self):
        for client in self.clients:
            client.close()
        for director in self.directors.values():
            director.stop()
        for prepared in self.prepared.values():
            prepared.stop()
        for server in self.servers.values():
            server.kill()
            server.wait()
        self.capture.close()
        for space in (self.switch, *self.spaces.values()):
            space.close()
        if not os.environ.get("BATONLAB_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
