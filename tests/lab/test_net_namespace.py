"""net_namespace: batond is started outside, and everything that it does is done in the namespace that its file names."""
import contextlib
import os
import signal
import socket
import subprocess

import pytest

from batonlab import director, netns

VIP = "10.77.3.10"
SERVER = ("127.0.0.1", 8077)
FILE = """net_namespace {space}
net_namespace_ipvs
vrrp_instance VI_1 {{
    state MASTER
    interface dum0
    virtual_router_id 77
    priority 150
    advert_int 0.1
    version 3
    virtual_ipaddress {{
        {vip}/32
    }}
}}
virtual_server 10.77.3.11 80 {{
    delay_loop 1
    protocol TCP
    real_server {server[0]} {server[1]} {{
        TCP_CHECK {{
            connect_timeout 1
            warmup 0
        }}
    }}
}}
"""


@pytest.fixture(scope="module")
def spaces():
    with contextlib.closing(netns.Netns("checks-a")) as one, contextlib.closing(netns.Netns("checks-b")) as other:
        one.ip("link add dum0 type veth peer name dum1", "addr add 10.77.3.1/24 dev dum0", "link set dum0 up",
               "link set dum1 up")
        yield one, other


class Batond:
    """batond in the namespace of this test, with its file and its log."""

    def __init__(self, folder, text, *options):
        self.conf, self.log_path = folder / "baton.conf", folder / "log"
        self.conf.write_text(text, encoding="utf-8")
        with open(self.log_path, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen([director.BATOND, "-n", "-l", "-D", "-f", str(self.conf), *options], stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL)

    def log(self):
        return self.log_path.read_text(encoding="utf-8")

    def says(self, text, seconds=10):
        return director.wait_until(lambda: text in self.log(), seconds) is not None

    def spaces(self):
        """{name of the process: its network namespace}"""
        found = {}
        for pid in director.process_tree(self.process.pid):
            with open(f"/proc/{pid}/comm", encoding="utf-8") as name:
                found[name.read().strip()] = os.stat(f"/proc/{pid}/ns/net").st_ino
        return found

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        finally:
            self.process.kill()


def number(space):
    return os.stat(f"/run/netns/{space.name}").st_ino


def test_all_of_it_is_done_in_the_namespace(spaces, tmp_path):  # pylint: disable=redefined-outer-name
    one, other = spaces
    with one.inside():
        listener = socket.create_server(SERVER)
    text = FILE.format(space=one.name, vip=VIP, server=SERVER)
    with listener, Batond(tmp_path, text) as batond:
        assert director.wait_until(lambda: VIP in one.run("ip", "addr"), 10) is not None, batond.log()
        assert VIP not in netns.run("ip", "addr")
        assert batond.says("passed: connected"), batond.log()
        where = batond.spaces()
        assert where["batond: vrrp"] == where["batond: checker"] == number(one), where
        assert os.stat(f"/proc/{batond.process.pid}/ns/net").st_ino == number(one)
        # The namespace of IPVS is, without a name, the one in which batond was started.
        assert where["batond: ipvs"] == os.stat("/proc/self/ns/net").st_ino, where
        assert os.path.exists(f"/run/baton/{one.name}/batond.pid")

        batond.conf.write_text(text.replace(one.name, other.name), encoding="utf-8")
        batond.process.send_signal(signal.SIGHUP)
        assert batond.says("net_namespace cannot be changed by a reload: it stays as it was"), batond.log()
        assert batond.says("configuration 2 is in force"), batond.log()
        assert batond.spaces()["batond: vrrp"] == number(one)
        assert VIP in one.run("ip", "addr")
    assert VIP not in one.run("ip", "addr")


def test_the_command_line_beats_the_file(spaces, tmp_path):  # pylint: disable=redefined-outer-name
    one, other = spaces
    text = FILE.format(space=other.name, vip=VIP, server=SERVER)
    with Batond(tmp_path, text, "-P", "-s", one.name) as batond:
        assert director.wait_until(lambda: VIP in one.run("ip", "addr"), 10) is not None, batond.log()
        assert set(batond.spaces().values()) == {number(one)}


def test_a_namespace_that_is_not_there_is_said(tmp_path):
    with Batond(tmp_path, FILE.format(space="checks-no-such", vip=VIP, server=SERVER)) as batond:
        assert batond.process.wait(10) == 1
        assert "open the network namespace /run/netns/checks-no-such" in batond.log()
