"""`batond --real-server`: what it does to a machine, and that nothing of it is left."""
import itertools
import os
import signal

import pytest

from batonlab.cluster import example
from batonlab.director import wait_until
from batonlab.netns import Netns, Switch
from batonlab.real_server import SYSCTLS, RealServer

VIP, OTHER = "192.168.37.189", "192.168.37.190"
SILENT = dict(zip(SYSCTLS, (1, 2, 1, 2)))
_serial = itertools.count()


class Machine(RealServer):
    """A namespace on a switch of its own."""

    def __init__(self, folder, address):
        prefix = f"bl{os.getpid() % 100000}r{next(_serial)}"
        self.switch = Switch(prefix + "sw")
        super().__init__("rs", Netns(prefix + "rs"), str(folder))
        self.switch.plug("rs", self.netns, "eth0", "02:00:00:00:00:01", f"addr add {address}/24 dev eth0")

    def placed(self):
        """The addresses on lo but the loopback's, and the host routes."""
        addresses = [line.split()[1] for line in self.netns.run("ip", "-4", "addr", "show", "lo").splitlines()
                     if "inet " in line]
        routes = [line.split()[0] for line in self.netns.run("ip", "route", "show", "dev", "lo").splitlines()]
        return sorted(set(addresses) - {"127.0.0.1/8"}), sorted(routes)

    def wait_for(self, *addresses):
        wanted = (sorted(f"{address}/32" for address in addresses), sorted(addresses))
        assert wait_until(lambda: self.placed() == wanted, 10) is not None, (self.placed(), self.log())

    def close(self):
        self.stop()
        self.netns.close()
        self.switch.close()


@pytest.fixture
def machine(tmp_path):
    one = Machine(tmp_path, "192.168.37.183")
    one.write(example("dr", "d1"))
    yield one
    one.close()


def test_all_is_put_there_and_all_of_it_goes(machine):
    before = machine.sysctls()
    machine.netns.sysctl(SYSCTLS[0], 8)  # as strict as wanted: stays
    machine.netns.sysctl(SYSCTLS[1], 1)
    machine.start()
    machine.wait_for(VIP)
    assert machine.sysctls() == {**SILENT, SYSCTLS[0]: 8}
    assert machine.check() == ([], 0)
    assert "forever" in machine.netns.run("ip", "addr", "show", "to", VIP)
    assert machine.stop() == 0
    assert machine.placed() == ([], [])
    assert machine.sysctls() == {**before, SYSCTLS[0]: 8, SYSCTLS[1]: 1}


def test_check_changes_nothing(machine):
    before = machine.sysctls()
    missing, code = machine.check()
    assert code == 1
    assert f"{VIP} is not on lo" in missing
    assert len(missing) == 6
    assert (machine.placed(), machine.sysctls()) == (([], []), before)


def test_an_address_that_somebody_takes_away_comes_back(machine):
    machine.start()
    machine.wait_for(VIP)
    machine.netns.ip(f"addr del {VIP}/32 dev lo")
    machine.wait_for(VIP)


def test_a_successor_undoes_what_a_killed_one_did(machine):
    before = machine.sysctls()
    machine.start()
    machine.wait_for(VIP)
    machine.kill()
    assert machine.holds(VIP)
    machine.start()
    assert wait_until(lambda: machine.log().count("services that this machine") == 2, 10) is not None
    assert machine.stop() == 0
    assert machine.placed() == ([], [])
    assert machine.sysctls() == before


def test_what_others_put_there_stays(machine):
    machine.netns.ip(f"addr add {VIP}/32 dev lo")
    machine.start()
    machine.wait_for(VIP)
    assert machine.stop() == 0
    assert machine.placed() == ([f"{VIP}/32"], [])


def test_a_reload_brings_and_takes_services(machine):
    machine.start()
    machine.wait_for(VIP)
    machine.write(example("dr", "d1").replace(VIP, OTHER))
    machine.signal(signal.SIGHUP)
    machine.wait_for(OTHER)
    machine.write("virtual_server nonsense {\n")
    machine.signal(signal.SIGHUP)
    assert wait_until(lambda: "the old one stays in force" in machine.log(), 10) is not None
    machine.wait_for(OTHER)
    machine.write("")
    machine.signal(signal.SIGHUP)
    machine.wait_for()
    assert machine.sysctls() == dict.fromkeys(SYSCTLS, 0)


def test_an_address_that_comes_later_makes_it_a_real_server(machine):
    machine.netns.ip("addr del 192.168.37.183/24 dev eth0")
    machine.start()
    assert wait_until(lambda: "no address of this machine" in machine.log(), 10) is not None
    machine.netns.ip("addr add 192.168.37.184/24 dev eth0")
    machine.wait_for(VIP)


def test_nat_only_looks_at_the_gateway(tmp_path):
    machine = Machine(tmp_path, "192.168.10.110")
    try:
        machine.write(example("nat", "d1"))
        missing, code = machine.check()
        assert code == 1 and "there is no default gateway, not 192.168.10.1" in missing[0]
        machine.netns.ip("route add default via 192.168.10.1")
        assert machine.check() == ([], 0)
    finally:
        machine.close()
