"""The story of etc/examples/persistence.conf: which of two clients gets which server, by port, by VIP and by mark."""
import time

from .cluster import start_web_server
from .director import ROOT, wait_until
from .story import Story

MARK = "iptables-legacy -t mangle -A PREROUTING -d {vip} -p tcp -m multiport --dports 80,443 -j MARK --set-mark 5"
ONE_PORT, ONE_CLIENT, ONE_MARK = (f"192.168.37.{number}" for number in (190, 191, 192))
CLIENTS = ("192.168.37.50", "192.168.37.51", "192.168.37.52")
PORTS = (80, 443, 22)


class PersistenceStory(Story):
    """Each client asks each VIP at each port a few times, in turn with the others."""

    steps = ("elect", "one_port", "one_client", "one_mark", "stop_all")

    def __init__(self, mode, kinds):
        super().__init__(mode, kinds)
        cluster = self.cluster
        with open(f"{ROOT}/etc/examples/persistence.conf", encoding="utf-8") as file:
            example = file.read().replace("delay_loop 6", "delay_loop 1")
        cluster["d1"].write(example)
        cluster["d2"].write(example.replace("state MASTER", "state BACKUP").replace("priority 100", "priority 50"))
        for name in ("d1", "d2"):
            cluster.spaces[name].run(*MARK.format(vip=ONE_MARK).split())
        for host in ("rs1", "rs2"):
            cluster.spaces[host].ip(*(f"addr add {vip}/32 dev lo" for vip in (ONE_PORT, ONE_CLIENT, ONE_MARK)))
            for port in PORTS:
                cluster.servers[f"{host}:{port}"] = start_web_server(cluster.spaces[host], cluster.folder, host, port)
        cluster.spaces["client"].ip(*(f"addr add {address}/24 dev eth0" for address in CLIENTS[1:]))

    def elect(self, note):
        for name in ("d1", "d2"):
            self.cluster[name].start()
        self.must(wait_until(lambda: self.cluster["d1"].holds(ONE_MARK), 45), "d1 becomes master")
        self.must(wait_until(lambda: not self.cluster["d2"].holds(ONE_MARK), 15), "d2 does not")
        time.sleep(2.5)  # the first checks, which change nothing
        self.snapshot(note)

    def one_port(self, note):
        note["pages"] = self._pages(ONE_PORT, (80,))

    def one_client(self, note):
        note["pages"] = self._pages(ONE_CLIENT, PORTS)

    def one_mark(self, note):
        note["pages"] = self._pages(ONE_MARK, (80, 443))
        note["free"] = self._pages(ONE_MARK, (22,))

    def _pages(self, vip, ports):
        """{client: {port: pages}}"""
        found = {client: {str(port): [] for port in ports} for client in CLIENTS}
        for _ in range(3):
            for client in CLIENTS:
                for port in ports:
                    found[client][str(port)] += self.ask(2, target=(vip, port), source=client)
        return found

    def stop_all(self, note):
        note["ended"] = {name: self.cluster[name].stop() for name in ("d2", "d1")}
        self.snapshot(note)
