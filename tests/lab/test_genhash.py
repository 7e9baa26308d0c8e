"""`batonctl genhash` beside keepalived's genhash: the same output for the same server."""
import hashlib
import os
import re
import socket
import ssl
import subprocess
import threading

import pytest

from batonlab import director

BATONCTL = os.path.join(os.path.dirname(director.BATOND), "batonctl")
REPLIES = {
    "/page": b"HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nhello\n",
    "/gone": b"HTTP/1.0 404 Gone\r\nContent-Type: text/plain\r\n\r\nnothing here\n",
    "/chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n0\r\n\r\n",
    "/empty": b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    "/long": b"HTTP/1.0 200 OK\r\n\r\n" + bytes(range(256)) * 400,
    "/junk": b"what is this",
}


class Web:
    """Answers each request with the reply of its path, and keeps the requests."""

    def __init__(self, context=None):
        self.requests, self.context = [], context
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            try:
                connection.settimeout(10)
                with self.context.wrap_socket(connection, server_side=True) if self.context else connection as peer:
                    request = peer.recv(4096).decode()
                    self.requests.append(request.replace(str(self.port), "PORT"))
                    peer.sendall(REPLIES[request.split()[1]])
            except (OSError, IndexError):
                pass


@pytest.fixture(scope="module")
def web():
    server = Web()
    yield server
    server.listener.close()


@pytest.fixture(scope="module")
def tls_web(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "key", "-out",
                    folder / "certificate", "-days", "2", "-subj", "/CN=web"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate", folder / "key")
    server = Web(context)
    yield server
    server.listener.close()


def run(program, server, *words):
    argv = [*program, "-s", "127.0.0.1", "-p", str(server.port), *words]
    done = subprocess.run(argv, capture_output=True, stdin=subprocess.DEVNULL, timeout=30, check=False)
    return re.sub(r"= \d+ usecs", "= N usecs", done.stdout.decode("latin-1")), done.returncode


def ours(server, *words):
    return run([BATONCTL, "genhash"], server, *words)


def theirs(server, *words):
    if not os.access("/usr/bin/genhash", os.X_OK):
        pytest.skip("keepalived's genhash is not installed: nothing to compare with")
    return run(["/usr/bin/genhash"], server, *words)


@pytest.mark.parametrize("path", [path for path in REPLIES if path != "/junk"])
def test_the_digest_is_the_same(web, path):
    assert ours(web, "-u", path) == theirs(web, "-u", path)


@pytest.mark.parametrize("path", ["/page", "/empty", "/chunks"])
def test_the_verbose_output_is_the_same(web, path):
    assert ours(web, "-v", "-u", path) == theirs(web, "-v", "-u", path)


@pytest.mark.parametrize("more", [(), ("-P", "1.1"), ("-P", "1.0c"), ("-V", "a.example"), ("-P", "1.1", "-V", "b:81")])
def test_the_request_is_the_same(web, more):
    ours(web, "-u", "/page", *more)
    theirs(web, "-u", "/page", *more)
    assert web.requests[-1] == web.requests[-2]


def test_tls(tls_web):
    digest = hashlib.md5(b"hello\n").hexdigest() + "\n"
    assert ours(tls_web, "-S", "-u", "/page") == (digest, 0)
    assert ours(tls_web, "-S", "-I", "-V", "a.example", "-u", "/page") == theirs(tls_web, "-S", "-u", "/page")


def test_without_a_page_nothing_looks_like_a_digest(web):
    assert ours(web, "-u", "/junk") == ("", 1)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        argv = [BATONCTL, "genhash", "-s", "127.0.0.1", "-p", str(nobody.getsockname()[1]), "-u", "/page"]
        done = subprocess.run(argv, capture_output=True, timeout=30, check=False)
    assert (done.stdout, done.returncode) == (b"", 1)
    assert b"refused" in done.stderr


def test_it_goes_by_its_name(web, tmp_path):
    os.symlink(BATONCTL, tmp_path / "genhash")
    assert run([tmp_path / "genhash"], web, "-u", "/page") == ours(web, "-u", "/page")
