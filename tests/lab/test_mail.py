"""Mails: what a mail server is told when an instance changes its state, beside keepalived's; and one that fails."""
import contextlib
import itertools
import os
import re
import socket
import threading
import time

import pytest

from batonlab.director import Director, available, wait_until
from batonlab.netns import Netns

CONFIGURATION = """global_defs {
    router_id LVS_ONE
    notification_email {
        ops@example.com
        two@example.com
    }
    notification_email_from lvs@example.com
    smtp_server 127.0.0.1 2525
    smtp_connect_timeout 2
    smtp_alert
}
vrrp_instance VI_1 {
    interface v0
    virtual_router_id 51
    priority 100
    advert_int 1
    virtual_ipaddress {
        10.1.0.9/24
    }
}
"""
_serial = itertools.count()


class MailServer:
    """Takes every mail, `delay` seconds after it has been handed over."""

    def __init__(self, netns, delay=0.0):
        self.mails, self.senders, self.delay = [], [], delay
        with netns.inside():
            self.listener = socket.create_server(("127.0.0.1", 2525))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        with contextlib.suppress(OSError), connection, connection.makefile("rwb") as stream:
            def say(text):
                stream.write(text + b"\r\n")
                stream.flush()
            say(b"220 here")
            envelope = []
            while True:
                line = stream.readline()
                if not line:
                    return
                if line == b"DATA\r\n":
                    say(b"354 go")
                    mail = b"".join(iter(stream.readline, b".\r\n"))
                    time.sleep(self.delay)
                    self.mails.append((envelope, mail.decode()))
                    envelope = []
                elif line.startswith((b"MAIL", b"RCPT")):
                    envelope.append(line.split()[1].decode())
                say(b"221 bye" if line == b"QUIT\r\n" else b"250 ok")

    def close(self):
        self.listener.close()


class House:
    """A director alone, which becomes master of the cable to itself."""

    def __init__(self, folder, kind):
        self.netns = Netns(f"bl{os.getpid() % 100000}m{next(_serial)}")
        self.netns.ip("link add v0 type veth peer name v1", "link set v0 up", "link set v1 up",
                      "addr add 10.1.0.1/24 dev v0")
        self.director = Director("d", self.netns, kind, str(folder))
        self.director.write(CONFIGURATION)

    def close(self):
        self.director.stop()
        self.netns.close()


def told(tmp_path, kind):
    """The mails up to that of MASTER, dates left out."""
    house = House(tmp_path, kind)
    server = MailServer(house.netns)
    try:
        house.director.start()
        assert wait_until(lambda: any("MASTER" in mail for _, mail in server.mails), 15), house.director.log()
        return [(envelope, re.sub(r"^Date: \w{3}, \d\d \w{3} \d{4} [\d:]{8} [+-]\d{4}\r\n", "", mail))
                for envelope, mail in server.mails]
    finally:
        house.close()
        server.close()


def test_mails_of_an_instance_are_keepalived_s_to_the_byte(tmp_path):
    mails = told(tmp_path, "baton")
    assert [re.search(r"Entering (\w+)", mail)[1] for _, mail in mails] == ["BACKUP", "MASTER"]
    assert mails[0][0] == ["FROM:<lvs@example.com>", "TO:<ops@example.com>", "TO:<two@example.com>"]
    assert not any("Date" in mail for _, mail in mails)
    if not available("keepalived"):
        pytest.skip("keepalived is not installed: nothing to compare with")
    os.mkdir(tmp_path / "keepalived")
    assert mails == told(tmp_path / "keepalived", "keepalived")


def test_a_slow_server_gets_all_mails_in_order(tmp_path):
    house = House(tmp_path, "baton")
    server = MailServer(house.netns, 1.5)
    try:
        house.director.start()
        assert wait_until(lambda: house.director.holds("10.1.0.9"), 15) is not None
        assert wait_until(lambda: len(server.mails) >= 2, 15) is not None, house.director.log()
        assert [re.search(r"Entering (\w+)", mail)[1] for _, mail in server.mails] == ["BACKUP", "MASTER"]
    finally:
        house.close()
        server.close()


def test_the_process_that_sends_has_no_rights(tmp_path):
    house = House(tmp_path, "baton")
    server = MailServer(house.netns, 3)
    try:
        house.director.start()
        status = {}

        def seen():
            for pid in filter(str.isdigit, os.listdir("/proc")):
                try:
                    with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
                        if not file.read().startswith("batond: mail"):
                            continue
                    with open(f"/proc/{pid}/status", encoding="ascii") as file:
                        status.update(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
                    return status["Uid"].split()[0] != "0" and status["NoNewPrivs"].strip() == "1"
                except (OSError, KeyError):
                    pass
            return False
        assert wait_until(seen, 15) is not None, house.director.log()
        assert status["Uid"].split() == ["65534"] * 4
        assert int(status["CapPrm"], 16) == int(status["CapEff"], 16) == 0
    finally:
        house.close()
        server.close()


def test_a_server_that_is_not_there_is_told_of_once(tmp_path):
    house = House(tmp_path, "baton")
    try:
        house.director.start()
        assert wait_until(lambda: house.director.holds("10.1.0.9"), 15) is not None
        assert wait_until(lambda: "mail server 127.0.0.1:2525" in house.director.log(), 10) is not None
        time.sleep(1)
        assert house.director.log().count("mail server") == 1
        code, seconds = house.director.stop()
        assert code == 0 and seconds < 3
    finally:
        house.close()
