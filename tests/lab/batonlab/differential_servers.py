"""Real servers that do as a step says: they listen or refuse, and answer what they are told to, in any namespace.

All of them live in one event loop: in user-mode Linux a process or a thread costs more than what it would do.
"""
import asyncio
import socket
import ssl

PATIENCE = 5.0
HEAD_LIMIT = 8192


class Server:
    """What all kinds have in common.  `space` has inside(), a context within its namespace."""

    def __init__(self, address, port):
        self.address, self.port = address, port
        self.family = socket.AF_INET6 if ":" in address else socket.AF_INET

    def _socket(self, space, kind):
        with space.inside():
            made = socket.socket(self.family, kind)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setblocking(False)
        made.bind((self.address, self.port))
        return made


class Stream(Server):
    """A server of TCP: accepts and says nothing, until the client ends."""

    certificate = None

    def __init__(self, address, port=80):
        super().__init__(address, port)
        self._server, self._writers = None, set()

    async def up(self, space):
        if self._server is None:
            made = self._socket(space, socket.SOCK_STREAM)
            self._server = await asyncio.start_server(self._serve, sock=made, ssl=self._tls(), backlog=64)

    async def down(self, _):
        """Refuses from now on."""
        if self._server is not None:
            self._server.close()
            for writer in list(self._writers):
                writer.transport.abort()
            self._server = None

    def _tls(self):
        if not self.certificate:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        return context

    async def _serve(self, reader, writer):
        self._writers.add(writer)
        try:
            await asyncio.wait_for(self.talk(reader, writer), PATIENCE)
            writer.close()
            await asyncio.wait_for(writer.wait_closed(), PATIENCE)
        except (OSError, ValueError, asyncio.TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # a client that goes away, or whose words make no sense
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def talk(self, reader, _):
        await reader.read()


class Web(Stream):
    """Pages {path: (status, body)}; a path "host/path" is for that Host alone.  The paths asked for are kept."""

    def __init__(self, address, port=80, pages=None, certificate=None):
        super().__init__(address, port)
        self.pages = dict(pages or {"/": (200, "hello")})
        self.certificate = certificate

    async def talk(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        host = [line.split(":", 1)[1].strip() for line in head if line.lower().startswith("host:")]
        key = host[0] + path if host and host[0] + path in self.pages else path
        status, body = self.pages.get(key, (404, "nothing here"))
        body = body.encode()
        writer.write(f"HTTP/1.0 {status} X\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n".encode() +
                     body)
        await writer.drain()


class Mail(Stream):
    """Speaks SMTP as far as a check goes; `banner` and `reply` are what it says first and to each command."""

    def __init__(self, address, port=25, banner="220 mail ready", reply="250 fine"):
        super().__init__(address, port)
        self.banner, self.reply = banner, reply

    async def talk(self, reader, writer):
        writer.write(self.banner.encode() + b"\r\n")
        while line := await reader.readline():
            last = line.upper().startswith(b"QUIT")
            writer.write((b"221 bye" if last else self.reply.encode()) + b"\r\n")
            if last:
                break
        await writer.drain()


class Datagram(Server, asyncio.DatagramProtocol):
    """A server of UDP that sends `answer` back, or nothing when it is None."""

    def __init__(self, address, port=80, answer=b"pong"):
        super().__init__(address, port)
        self.answer, self._transport = answer, None

    def __call__(self):
        return self

    async def up(self, space):
        if self._transport is None:
            made = self._socket(space, socket.SOCK_DGRAM)
            self._transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(self, sock=made)

    async def down(self, _):
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def datagram_received(self, data, addr):
        reply = self.reply(data)
        if reply is not None and self._transport is not None:
            self._transport.sendto(reply, addr)

    def reply(self, _):
        return self.answer


class Names(Datagram):
    """A name server: every question comes back as its answer, with this RCODE; None: it is silent."""

    rcode = 0

    def __init__(self, address, port=53):
        super().__init__(address, port)

    def reply(self, data):
        if self.rcode is None or len(data) < 12:
            return None
        return data[:2] + bytes([data[2] | 0x80, 0x80 | self.rcode]) + data[4:]
