"""The client that asks the VIP all the time, each time over a new connection, and what it saw of an outage."""
import collections
import os
import selectors
import socket
import threading
import time

REQUEST = b"GET / HTTP/1.0\r\nHost: cluster\r\nUser-Agent: batonlab\r\n\r\n"
#: One request: when it began and ended (seconds since the epoch), who answered (None: nobody), and why nobody did.
Reply = collections.namedtuple("Reply", "start end server error")
#: A mishap as a client saw it: requests lost, milliseconds from the first lost to the next answer (None: none yet).
Outage = collections.namedtuple("Outage", "lost milliseconds")


class _Exchange:
    """One request under way; its socket does not block."""

    def __init__(self, target, source):
        self.start = time.time()
        self.got = b""
        self.sent = False
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        if source:
            self.sock.bind((source, 0))
        self.code = self.sock.connect_ex(target)

    def proceed(self):
        """Takes the next step; returns a Reply when that was the last."""
        try:
            if not self.sent:
                code = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if code:
                    return self.over(os.strerror(code))
                self.sock.send(REQUEST)
                self.sent = True
                return None
            part = self.sock.recv(4096)
            self.got += part
            return None if part else self.over("the answer was cut short")
        except BlockingIOError:
            return None
        except OSError as error:
            return self.over(error.strerror or str(error))

    def over(self, error):
        head, _, body = self.got.partition(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.0 200") and body:
            return Reply(self.start, time.time(), body.decode(errors="replace").strip(), None)
        return Reply(self.start, time.time(), None, error)


class Client:
    """Starts a request every `interval` seconds, however the earlier ones fare; gives each up after `patience`.

    With `count` it starts that many and no more, so that none of them is left under way when the last has its reply.
    """

    def __init__(self, netns, target, interval=0.02, patience=1.0, source=None, count=float("inf")):
        self._netns, self._target, self._source, self._left = netns, target, source, count
        self._interval, self._patience = interval, patience
        self._replies = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        with self._netns.inside(), selectors.DefaultSelector() as selector:
            due, under_way = time.monotonic(), collections.OrderedDict()
            while not self._stop.is_set():
                if self._left > 0 and time.monotonic() >= due:
                    self._left -= 1
                    due = max(due + self._interval, time.monotonic())
                    self._begin(selector, under_way)
                pause = 0.1 if self._left <= 0 else max(0.0, min(due - time.monotonic(), 0.1))
                for key, _ in selector.select(pause):
                    self._advance(selector, under_way, key.data)
                while under_way and time.time() - next(iter(under_way)).start > self._patience:
                    late = next(iter(under_way))
                    self._finish(selector, under_way, late, late.over("no answer in time"))
            for exchange in under_way:
                exchange.sock.close()

    def _begin(self, selector, under_way):
        exchange = _Exchange(self._target, self._source)
        under_way[exchange] = True
        selector.register(exchange.sock, selectors.EVENT_WRITE, exchange)

    def _advance(self, selector, under_way, exchange):
        had_sent = exchange.sent
        reply = exchange.proceed()
        if reply:
            self._finish(selector, under_way, exchange, reply)
        elif exchange.sent and not had_sent:
            selector.modify(exchange.sock, selectors.EVENT_READ, exchange)

    def _finish(self, selector, under_way, exchange, reply):
        selector.unregister(exchange.sock)
        exchange.sock.close()
        del under_way[exchange]
        self._replies.append(reply)

    def replies(self, since=0.0, until=float("inf")):
        """The requests begun within [since, until), in the order in which they were begun."""
        found = [reply for reply in list(self._replies) if since <= reply.start < until]
        return sorted(found, key=lambda reply: reply.start)

    def pages(self, **span):
        """Who answered, in order."""
        return [reply.server for reply in self.replies(**span) if reply.server]

    def outage(self, **span):
        """What was lost in the span."""
        replies = self.replies(**span)
        lost = [reply for reply in replies if reply.server is None]
        if not lost:
            return Outage(0, 0.0)
        after = [reply.end for reply in replies if reply.server and reply.start > lost[-1].start]
        return Outage(len(lost), (min(after) - lost[0].start) * 1000 if after else None)

    def close(self):
        self._stop.set()
        self._thread.join()
