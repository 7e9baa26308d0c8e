"""Real servers that mean harm, healthy neighbours that note when they are probed, and one batond that checks them all."""
import asyncio
import itertools
import os
import shutil
import tempfile
import threading
import time

from .differential_servers import Stream, Web
from .director import Director
from .netns import Netns

#: What a check may take, and the pause between two, in seconds; how long all of them are watched.
TIMEOUT, DELAY, WATCH = 1.0, 0.5, 9.0
#: However steadily a server dribbles, a check has four waits in all (checkers::longest_probe); the rest is the machine's.
DEADLINE, SPARE = 4 * TIMEOUT, 1.0
#: Between two octets of who sends them one by one: less than any single wait.
DRIBBLE = TIMEOUT / 2
OK = b"HTTP/1.1 200 OK\r\n"
ALERT = bytes.fromhex("15030300020228")  # fatal: handshake failure
_serial = itertools.count()


async def _for_ever(writer, data, pause=0.0):
    while True:
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(pause)


async def endless_headers(writer):
    writer.write(OK)
    await _for_ever(writer, b"X-More: and more\r\n" * 100)


async def slow_headers(writer):
    for octet in itertools.cycle(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 60):
        await _send(writer, bytes([octet]))
        await asyncio.sleep(DRIBBLE)


async def large_headers(writer):
    await _send(writer, OK + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 1000) for n in range(10_000)) + b"\r\nhello")


async def large_header(writer):
    await _send(writer, OK + b"X: " + b"y" * 10_000_000 + b"\r\n\r\nhello")


async def broken_chunk(writer):
    await _send(writer, OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\nhello\r\n0\r\n\r\n")


async def endless_chunk(writer):
    await _send(writer, OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n")
    await _for_ever(writer, b"x" * 10_000)


async def endless_body(writer):
    await _send(writer, OK + b"\r\n")
    await _for_ever(writer, b"x" * 10_000)


async def slow_body(writer):
    await _send(writer, OK + b"Content-Length: 1000\r\n\r\n")
    await _for_ever(writer, b"x", DRIBBLE)


async def short_body(writer):
    await _send(writer, OK + b"Content-Length: 1000\r\n\r\nhello")


async def no_http(writer):
    await _send(writer, bytes(range(256)) * 10)


async def nothing(_):
    await asyncio.sleep(3600)


async def end(_):
    pass


async def alert(writer):
    await _send(writer, ALERT)


async def endless_alerts(writer):
    await _for_ever(writer, bytes.fromhex("15030300020100"))  # warning: close notify


async def slow_tls(writer):
    # a record that claims to be long, octet by octet
    await _send(writer, bytes.fromhex("1603034000"))
    await _for_ever(writer, b"\x02", DRIBBLE)


async def _send(writer, data):
    writer.write(data)
    await writer.drain()


#: name: (kind of check, what its server does, whether the check fails)
SERVERS = {function.__name__.replace("_", " "): (kind, function, fails) for kind, function, fails in (
    ("HTTP_GET", endless_headers, True), ("HTTP_GET", slow_headers, True), ("HTTP_GET", large_headers, True),
    ("HTTP_GET", large_header, True), ("HTTP_GET", broken_chunk, True), ("HTTP_GET", endless_chunk, True),
    ("HTTP_GET", endless_body, True), ("HTTP_GET", slow_body, True), ("HTTP_GET", no_http, True),
    ("HTTP_GET", nothing, True), ("HTTP_GET", end, True), ("SSL_GET", alert, True), ("SSL_GET", endless_alerts, True),
    ("SSL_GET", slow_tls, True))}
SERVERS |= {"TLS with nothing": ("SSL_GET", nothing, True), "TLS with no TLS": ("SSL_GET", no_http, True),
            "TLS with endless headers": ("SSL_GET", endless_headers, True)}
NEIGHBOURS = {"HTTP neighbour": "HTTP_GET", "TCP neighbour": "TCP_CHECK"}


class Hostile(Stream):
    """Notes how long each check stays connected: a client that has left is noticed whatever is sent to it."""

    def __init__(self, address, act):
        super().__init__(address)
        self._act, self.talks, self.talking = act, [], {}

    async def _serve(self, reader, writer):
        began = time.monotonic()
        self.talking[began] = writer
        act = asyncio.create_task(self._act(writer))
        listen = asyncio.create_task(self._until_it_leaves(reader))
        try:
            await asyncio.wait([act, listen], return_when=asyncio.FIRST_COMPLETED)
            if self._act is not end and not listen.done():  # it has said all that it has to say
                await asyncio.wait([listen])
        finally:
            act.cancel()
            listen.cancel()
            await asyncio.gather(act, listen, return_exceptions=True)
            writer.transport.abort()
            del self.talking[began]
            self.talks.append(time.monotonic() - began)

    @staticmethod
    async def _until_it_leaves(reader):
        try:
            while await reader.read(4096):
                pass
        except OSError:
            pass

    def longest(self):
        now = time.monotonic()
        return max([*self.talks, *(now - began for began in self.talking)], default=None)


class Neighbour(Web):
    """A healthy server: notes when it is asked."""

    def __init__(self, address):
        super().__init__(address)
        self.asked = []

    async def _serve(self, reader, writer):
        self.asked.append(time.monotonic())
        await super()._serve(reader, writer)

    def intervals(self):
        return [later - sooner for sooner, later in zip(self.asked, self.asked[1:])]


def configuration(addresses):
    """One service with all of them."""
    kinds = {**{name: kind for name, (kind, _, _) in SERVERS.items()}, **NEIGHBOURS}
    text = f"virtual_server 10.9.0.1 80 {{\n lb_algo rr\n lb_kind NAT\n protocol TCP\n delay_loop {DELAY}\n warmup 0\n"
    for name, address in addresses.items():
        page = "url {\n path /\n }\n" if kinds[name] != "TCP_CHECK" else ""
        text += (f" real_server {address} 80 {{\n {kinds[name]} {{\n {page} connect_timeout {TIMEOUT}\n retry 0\n"
                 " delay_before_retry 0.5\n }\n }\n")
    return text + "}\n"


def play():
    """Watches batond for a while; {"hostile": {name: Hostile}, "neighbours": ..., "log": its log by address}."""
    folder = tempfile.mkdtemp(prefix="batonlab-hostile.")
    space = Netns(f"bl{os.getpid() % 100000}h{next(_serial)}")
    addresses = {name: f"127.0.0.{number}" for number, name in enumerate([*SERVERS, *NEIGHBOURS], 10)}
    hostile = {name: Hostile(addresses[name], act) for name, (_, act, _) in SERVERS.items()}
    neighbours = {name: Neighbour(addresses[name]) for name in NEIGHBOURS}
    director = Director("d1", space, "baton", folder)
    director.write(configuration(addresses))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        for server in (*hostile.values(), *neighbours.values()):
            asyncio.run_coroutine_threadsafe(server.up(space), loop).result(10)
        director.start()
        time.sleep(WATCH)
        longest = {name: server.longest() for name, server in hostile.items()}
        ended = director.stop()
        return {"longest": longest, "intervals": {name: each.intervals() for name, each in neighbours.items()},
                "ended": ended, "log": director.log(), "addresses": addresses}
    finally:
        director.stop()
        for server in (*hostile.values(), *neighbours.values()):
            asyncio.run_coroutine_threadsafe(server.down(space), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        space.close()
        shutil.rmtree(folder, ignore_errors=True)
