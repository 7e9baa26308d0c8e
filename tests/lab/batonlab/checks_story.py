"""The story of two real servers that are checked by what their pages say."""
import hashlib
import os
import re
import time

from .cluster import example
from .netns import run
from .story import Story


def make_certificate(folder):
    """Makes a key and its certificate; returns the file that has both."""
    path = os.path.join(folder, "certificate.pem")
    certificate = run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=rs1",
                      "-keyout", path)
    with open(path, "a", encoding="ascii") as file:
        file.write(certificate)
    return path


class ChecksStory(Story):
    """SSL_GET and HTTP_GET with digests, on ports of their own: a wrong page is as bad as none."""

    steps = ("elect", "lose_tls", "mend_tls", "wrong_page", "right_page", "stop_all")
    tls_port, web_port = 8443, 8081
    check = """\
        {kind} {{
            url {{
                path /health
                digest {digest}
                status_code 200
            }}
            connect_port {port}
            connect_timeout 2
            retry 1
            delay_before_retry 1
        }}
"""

    def __init__(self, mode, kinds):
        super().__init__(mode, kinds)
        for name in ("d1", "d2"):
            text = example(mode, name)
            for kind, page, port in (("SSL_GET", "rs1", self.tls_port), ("HTTP_GET", "rs2", self.web_port)):
                digest = hashlib.md5(page.encode() + b"\n").hexdigest()
                check = self.check.format(kind=kind, digest=digest, port=port)
                text = re.sub(r" +TCP_CHECK \{.*?\n        \}\n", check, text, count=1, flags=re.DOTALL)
            self.cluster[name].write(text)
        self.certificate = make_certificate(self.cluster.folder)
        self._start_tls()
        self.cluster.start_other("web", "rs2", "rs2", self.web_port)

    def _start_tls(self):
        self.cluster.start_other("tls", "rs1", "rs1", self.tls_port, self.certificate)

    def _settle(self, wanted, what, note):
        for name in ("d1", "d2"):
            self.must(self.cluster.wait_weights(name, wanted), f"{what}, on {name}")
        time.sleep(2.5)  # a check more, which changes nothing
        self.snapshot(note)

    def elect(self, note):
        for name in ("d1", "d2"):
            self.cluster[name].start()
        self.must(self.cluster.wait_vip("d1"), "d1 becomes master")
        self._settle({"rs1": 1, "rs2": 1}, "both real servers in the table", note)

    def lose_tls(self, note):
        self.cluster.kill_server("tls")
        self._settle({"rs2": 1}, "rs1 goes when nobody speaks TLS", note)

    def mend_tls(self, note):
        self._start_tls()
        self._settle({"rs1": 1, "rs2": 1}, "rs1 returns", note)

    def wrong_page(self, note):
        self.cluster.kill_server("web")
        self.cluster.start_other("web", "rs2", "another page", self.web_port)
        self._settle({"rs1": 1}, "rs2 goes when its page is not the one", note)

    def right_page(self, note):
        self.cluster.kill_server("web")
        self.cluster.start_other("web", "rs2", "rs2", self.web_port)
        self._settle({"rs1": 1, "rs2": 1}, "rs2 returns", note)

    def stop_all(self, note):
        note["ended"] = {name: self.cluster[name].stop() for name in ("d2", "d1")}
        self.snapshot(note)
