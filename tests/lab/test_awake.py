"""Who comes back, from a stall or from death, does nothing that only a master may: what clusters in virtual time had shown."""
import contextlib
import os
import shutil
import signal
import tempfile
import time

from batonlab.director import Director, wait_until
from batonlab.netns import Netns, Switch
from batonlab.wire import Capture, is_gratuitous_arp
from conftest import need

VIP, SECOND_VIP = "10.6.0.100", "10.6.1.100"


class Cluster:
    """Directors a and b, whose interfaces eth0 and eth1 are on two bridges."""

    def __init__(self):
        tag = f"bl{os.getpid() % 100000}w"
        self.folder = tempfile.mkdtemp(prefix="batonlab-awake.")
        self.switch = Switch(tag + "sw", ("br0", "br1"))
        self.spaces = [Netns(tag + name) for name in "ab"]
        self.directors = [Director(name, space, "baton", self.folder) for name, space in zip("ab", self.spaces)]
        for number, (director, space) in enumerate(zip(self.directors, self.spaces), 1):
            for net in (0, 1):
                self.switch.plug(director.name, space, f"eth{net}", f"02:00:00:06:0{net}:0{number}",
                                 f"addr add 10.6.{net}.{number}/24 dev eth{net}", bridge=f"br{net}")

    def close(self):
        for director in self.directors:
            director.stop()
        for space in self.spaces:
            space.close()
        self.switch.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def cluster():
    need(["baton"])
    made = Cluster()
    try:
        yield made
    finally:
        made.close()


def instance(name, net, priority, more):
    return (f"vrrp_instance {name} {{\n interface eth{net}\n virtual_router_id {6 + net}\n priority {priority}\n{more}"
            f" virtual_ipaddress {{\n  10.6.{net}.100/24\n }}\n}}\n")


def test_a_master_that_wakes_up_beside_a_stronger_one_announces_nothing():
    with cluster() as made:
        a, b = made.directors
        a.write(instance("V", 0, 138, " lower_prio_no_advert\n"))
        b.write(instance("V", 0, 50, ""))
        a.start()
        assert wait_until(lambda: a.holds(VIP), 10) is not None, a.log()
        b.start()
        time.sleep(1)
        role = a.pid_of("vrrp")
        os.kill(role, signal.SIGSTOP)
        try:
            assert wait_until(lambda: b.holds(VIP), 10) is not None, b.log()
            time.sleep(1.5)  # its adverts with 50 are in the socket of the sleeping one, and then one with 210
            b.write(instance("V", 0, 210, ""))
            b.signal(signal.SIGHUP)
            time.sleep(1.5)
            capture = Capture(made.switch.ns, ["a-eth0"])
        finally:
            os.kill(role, signal.SIGCONT)
        with contextlib.closing(capture):
            yielded = "Entering BACKUP STATE: 10.6.0.2 advertises priority 210"
            assert wait_until(lambda: yielded in a.log(), 5) is not None, a.log()
            assert "10.6.0.2 advertises priority 50, ours is 138" in a.log()
            time.sleep(1)
            announced = [frame for frame in capture.frames() if is_gratuitous_arp(frame)]
        assert not announced, "the switch was told that the address is here"
        assert b.holds(VIP) and not a.holds(VIP)


def test_of_a_killed_group_no_member_goes_on_alone():
    with cluster() as made:
        a = made.directors[0]
        a.write("vrrp_script chk {\n script /bin/true\n interval 1\n}\n"
                "vrrp_sync_group G {\n group {\n  V\n  W\n }\n}\n" + instance("V", 0, 100, " advert_int 1\n") +
                instance("W", 1, 100, " advert_int 4\n track_script {\n  chk\n }\n"))
        a.start()
        assert wait_until(lambda: a.holds(VIP) and a.holds(SECOND_VIP), 30) is not None, a.log()
        time.sleep(1)
        a.kill_all()
        assert wait_until(lambda: not a.holds(VIP), 8) is not None
        assert a.holds(SECOND_VIP)  # its lease is longer
        before = len(a.log())
        a.start()
        assert wait_until(lambda: not a.holds(SECOND_VIP), 3) is not None, a.log()[before:]
        assert wait_until(lambda: a.holds(VIP) and a.holds(SECOND_VIP), 30) is not None, a.log()[before:]
        assert "adopted" not in a.log()[before:]
