"""Differential cases of the checkers: each finds its server up, down, and up again."""
import hashlib

from .differential_servers import Datagram, Mail, Names, Stream, Web
from .differential_steps import Case, down, page, remove, says, step, still, sysctl, up, write
from .differential_text import HEAD, QUORUM_TOLD, TCP, block, real, real6, service, text, told

#: Where the cases find what is made for each run: key and certificate of the servers that speak TLS.
CERTIFICATE = "/run/work/certificate.pem"
ONE, OTHER = "10.1.0.1", "10.1.0.2"


def checked(checker, *lines, more=(), head=HEAD, **words):
    """A service with a server that is checked and one that is not."""
    return text(service(*lines, QUORUM_TOLD, real(1, told(1), checker, *more), real(2, told(2)), **words), head=head)


def url(path="/", *lines):
    return block("url", f"path {path}", *lines)


def http(*lines, kind="HTTP_GET"):
    return block(kind, *lines)


def down_and_up(configuration, server):
    """Down and up again, twice: after the second failure it is down for the same reasons as after the first."""
    return Case(configuration, [step("it refuses", down("s")), step("it is back", up("s")),
                                step("it refuses again", down("s")), step("it is back again", up("s"))], {"s": server})


def digest(body):
    return "digest " + hashlib.md5(body.encode()).hexdigest()


def pages(configuration, good, bad, server=None, **words):
    """A page that is right, wrong, and right again; good and bad are (path, status, body)."""
    server = server or Web(ONE, pages={good[0]: good[1:]})
    return Case(configuration, [step("a wrong page", page("s", *bad)), step("the right page", page("s", *good))],
                {"s": server}, **words)


MISC = '#!/bin/sh\nread code <DIR/code\nexit $code\n'


def script(steps, *lines, more=()):
    """A server judged by a script whose exit status is in the file `code`."""
    checker = block("MISC_CHECK", "misc_path DIR/check", "misc_timeout 5", *lines)
    return Case(checked(checker, more=more), [step(f"exit {code}", write("code", f"{code}\n")) for code in steps],
                files={"check": MISC, "code": "0\n"})


def tracked(steps, *lines, file_lines=(), first="0"):
    """A server judged by a file's number."""
    track = block("track_file F", "file DIR/value", *file_lines)
    checker = block("FILE_CHECK", "track_file F", *lines)
    return Case(checked(checker, head=HEAD + track + "\n"),
                [step(f"the file says {value}", write("value", f"{value}\n")) for value in steps],
                files={"value": f"{first}\n"})


def udp(*lines, **words):
    return checked(block("UDP_CHECK", *lines), protocol="UDP", **words)


TCP_CASES = {
    "TCP_CHECK": down_and_up(checked(TCP), Stream(ONE)),
    "TCP_CHECK of IPv6": down_and_up(
        text(service(real6(1, told(1), TCP), real6(2, told(2)), key="fd09::1 80")), Stream("fd01::1")),
    "TCP_CHECK elsewhere": down_and_up(checked(block("TCP_CHECK", "connect_ip 10.1.0.5", "connect_port 8080")),
                                       Stream("10.1.0.5", 8080)),
    "TCP_CHECK from an address": down_and_up(checked(block("TCP_CHECK", "bindto 10.1.0.6")), Stream(ONE)),
    "TCP_CHECK down at the start": Case(checked(TCP), [step("it comes", up("s"))], {"s": Stream(ONE)}, later=("s",)),
    "TCP_CHECK without retries": down_and_up(checked(block("TCP_CHECK", "retry 0")), Stream(ONE)),
    "TCP_CHECK with many retries": down_and_up(checked(block("TCP_CHECK", "retry 4", "delay_before_retry 0.1")),
                                               Stream(ONE)),
    "TCP_CHECK where nobody answers": Case(checked(block("TCP_CHECK", "connect_ip 10.8.0.9", "connect_timeout 0.5"))),
    "TCP_CHECK from an address that is not here": Case(
        checked(block("TCP_CHECK", "bindto 10.77.0.1")), [still("nothing is known of it")]),
    "TCP_CHECK of a service with ports mapped": down_and_up(
        text(service(real(1, told(1), TCP, port=8080), real(2, told(2), port=8081))), Stream(ONE, 8080)),
}
HTTP_CASES = {
    "HTTP_GET": down_and_up(checked(http(url())), Web(ONE)),
    "HTTP_GET status": pages(checked(http(url("/", "status_code 200"))), ("/", 200, "hello"), ("/", 503, "hello")),
    "HTTP_GET any status below 300": pages(checked(http(url())), ("/", 204, ""), ("/", 302, "")),
    "HTTP_GET status ranges": pages(checked(http(url("/", "status_code 200-204 404"))), ("/", 404, "no"),
                                    ("/", 205, "no")),
    "HTTP_GET digest": pages(checked(http(url("/", digest("hello")))), ("/", 200, "hello"), ("/", 200, "hullo")),
    "HTTP_GET digest and status": pages(checked(http(url("/", digest("hello"), "status_code 200"))),
                                        ("/", 200, "hello"), ("/", 500, "hello")),
    "HTTP_GET digest and any status": pages(checked(http(url("/", digest("hello")))), ("/", 200, "hello"),
                                            ("/", 500, "hello")),
    "HTTP_GET large page": pages(checked(http(url("/", digest("x" * 50000)))), ("/", 200, "x" * 50000),
                                 ("/", 200, "x" * 49999)),
    "HTTP_GET regex": pages(checked(http(url("/", "regex hel+o"))), ("/", 200, "so hello"), ("/", 200, "so heo")),
    "HTTP_GET regex with options": pages(checked(http(url("/", "regex HEL.O", "regex_options caseless dotall"))),
                                         ("/", 200, "hel\no, world"), ("/", 200, "help")),
    "HTTP_GET regex that must not match": pages(checked(http(url("/", 'regex "out of order"', "regex_no_match"))),
                                                ("/", 200, "fine"), ("/", 200, "it is out of order")),
    "HTTP_GET vhost with regex": pages(
        checked(http(url("/x", "virtualhost www.example.com", "regex hello"))), ("www.example.com/x", 200, "hello"),
        ("www.example.com/x", 200, "bye"), Web(ONE, pages={"www.example.com/x": (200, "hello"), "/x": (200, "other")})),
    "HTTP_GET vhost of the service": pages(checked(http(url("/x")), "virtualhost vs.example.com"),
                                           ("vs.example.com/x", 200, "hello"), ("vs.example.com/x", 500, "hello")),
    "HTTP_GET vhost of the server": pages(
        checked(http(url("/x")), "virtualhost vs.example.com", more=("virtualhost rs.example.com",)),
        ("rs.example.com/x", 200, "hello"), ("rs.example.com/x", 500, "hello")),
    "HTTP_GET two pages": Case(
        checked(http(url("/a"), url("/b"))),
        [step("the second is wrong", page("s", "/b", 500)), step("it is right", page("s", "/b")),
         step("the first is wrong", page("s", "/a", 500)), still("so is the second", page("s", "/b", 500)),
         still("only the first is right", page("s", "/a")), step("both are right", page("s", "/b"))],
        {"s": Web(ONE, pages={"/a": (200, "a"), "/b": (200, "b")})}),
    "HTTP_GET two pages, fast_recovery": Case(
        checked(http(url("/a"), url("/b"), "fast_recovery")),
        [step("the second is wrong", page("s", "/b", 500)), step("it is right", page("s", "/b"))],
        {"s": Web(ONE, pages={"/a": (200, "a"), "/b": (200, "b")})}),
    "HTTP_GET by 1.1": down_and_up(checked(http(url(), "http_protocol 1.1")), Web(ONE)),
    "HTTP_GET by 1.0C": down_and_up(checked(http(url(), "http_protocol 1.0C")), Web(ONE)),
    "HTTP_GET elsewhere": down_and_up(checked(http(url(), "connect_port 8080")), Web(ONE, 8080)),
    "HTTP_GET of a server that is silent": Case(checked(http(url(), "connect_timeout 0.5")), [], {"s": Stream(ONE)}),
    "HTTP_GET of a server that speaks SMTP": Case(checked(http(url())), [], {"s": Mail(ONE, 80)}),
    "SSL_GET": down_and_up(checked(http(url(), kind="SSL_GET"), key="10.9.0.1 443"),
                           Web(ONE, certificate=CERTIFICATE)),
    "SSL_GET digest": pages(checked(http(url("/", digest("hello")), kind="SSL_GET")), ("/", 200, "hello"),
                            ("/", 200, "hullo"), Web(ONE, certificate=CERTIFICATE)),
    "SSL_GET with a name": down_and_up(
        checked(http(url("/", "virtualhost www.example.com"), "enable_sni", kind="SSL_GET")),
        Web(ONE, certificate=CERTIFICATE)),
    "SSL_GET of a server without TLS": Case(checked(http(url(), kind="SSL_GET")), [], {"s": Web(ONE)}),
}
OTHER_CASES = {
    "SMTP_CHECK": down_and_up(checked(block("SMTP_CHECK", "helo_name lab"), key="10.9.0.1 25"), Mail(ONE, 80)),
    "SMTP_CHECK banner": Case(
        checked(block("SMTP_CHECK")),
        [step("it is busy", says("s", banner="421 busy")), step("it is not", says("s", banner="220 ready")),
         step("a banner of two lines", says("s", banner="220-hello\r\n220 ready"))], {"s": Mail(ONE, 80)}),
    "SMTP_CHECK reply": Case(
        checked(block("SMTP_CHECK")), [step("HELO is refused", says("s", reply="550 no")),
                                       step("it is not", says("s", reply="250 yes"))], {"s": Mail(ONE, 80)}),
    "SMTP_CHECK host": down_and_up(
        checked(block("SMTP_CHECK", block("host", "connect_ip 10.1.0.5", "connect_port 2525", "connect_timeout 2"))), Mail("10.1.0.5", 2525)),
    "DNS_CHECK": down_and_up(checked(block("DNS_CHECK", "type A", "name example.com", "retry 1"), protocol="UDP",
                                     key="10.9.0.1 53"), Names(ONE, 80)),
    "DNS_CHECK RCODE": Case(
        checked(block("DNS_CHECK", "retry 1")),
        [step("SERVFAIL", says("s", rcode=2)), step("no error", says("s", rcode=0)), step("NXDOMAIN", says("s", rcode=3))],
        {"s": Names(ONE, 80)}),
    "DNS_CHECK without an answer": Case(
        checked(block("DNS_CHECK", "retry 1", "connect_timeout 0.3")),
        [step("silence", says("s", rcode=None)), step("no error", says("s", rcode=0))], {"s": Names(ONE, 80)}),
    "UDP_CHECK": down_and_up(udp("connect_timeout 0.5"), Datagram(ONE)),
    "UDP_CHECK reply": Case(
        udp("require_reply", "connect_timeout 3"),
        [step("silence", says("s", answer=None)), step("an answer", says("s", answer=b"x"))], {"s": Datagram(ONE)}),
    "UDP_CHECK pattern": Case(
        udp("payload 01ff", "require_reply 50 4X 4e", "connect_timeout 3"),
        [step("another answer", says("s", answer=b"QIN")), step("the right one", says("s", answer=b"PON"))],
        {"s": Datagram(ONE, answer=b"PIN")}),
    "UDP_CHECK length": Case(
        udp("require_reply 31", "min_reply_length 3", "max_reply_length 5", "connect_timeout 3"),
        [step("too short", says("s", answer=b"12")), step("long enough", says("s", answer=b"12345"))],
        {"s": Datagram(ONE, answer=b"123")}),
    "UDP_CHECK length without a pattern": Case(
        udp("require_reply", "min_reply_length 3", "connect_timeout 3"),
        [still("too short", says("s", answer=b"12"))], {"s": Datagram(ONE, answer=b"123")}),
    "UDP_CHECK too long": Case(
        udp("require_reply", "max_reply_length 5", "connect_timeout 3"),
        [still("longer than is allowed", says("s", answer=b"123456"))], {"s": Datagram(ONE)}),
    "PING_CHECK": Case(
        checked(block("PING_CHECK", "connect_timeout 0.5")),
        [step("silence", sysctl("net.ipv4.icmp_echo_ignore_all", 1)), step("it answers", sysctl("net.ipv4.icmp_echo_ignore_all", 0))],
        own_world=True),
    "PING_CHECK where nobody answers": Case(checked(block("PING_CHECK", "connect_ip 10.8.0.9", "connect_timeout 0.5"))),
    "PING_CHECK of IPv6": Case(
        text(service(real6(1, told(1), block("PING_CHECK", "connect_timeout 0.5")), real6(2, told(2)), key="fd09::1 80")),
        [still("it answers")]),
    "MISC_CHECK": script((1, 0, 2, 0)),
    "MISC_CHECK with a retry": script((1, 0), "retry 2"),
    "MISC_CHECK dynamic": script((12, 22, 1, 12, 0), "misc_dynamic"),
    "MISC_CHECK dynamic to 0": script((2, 0), "misc_dynamic"),
    "MISC_CHECK dynamic with a weight": script((4, 255, 0), "misc_dynamic", more=("weight 5",)),
    "MISC_CHECK that takes too long": Case(
        checked(block("MISC_CHECK", "misc_path DIR/check", "misc_timeout 1")),
        [step("it takes too long", write("check", "#!/bin/sh\nexec sleep 30\n")), step("it does not", write("check", MISC))],
        files={"check": MISC, "code": "0\n"}),
    "MISC_CHECK that is not there": Case(checked(block("MISC_CHECK", "misc_path DIR/nosuch"))),
    "FILE_CHECK": tracked((1, 0), "weight 0"),
    "FILE_CHECK weight of the file": tracked((1, 0), file_lines=("weight 0",)),
    "FILE_CHECK dynamic": tracked((5, 20, -300, 0), "weight 1", "dynamic"),
    "FILE_CHECK dynamic weight": tracked((5, -2, 0), "weight 3", "dynamic"),
    "FILE_CHECK reversed": tracked((5, 0), "weight 1 reverse", "dynamic"),
    "FILE_CHECK down at the start": tracked((0,), "weight 0", first="1"),
}
CASES = {**TCP_CASES, **HTTP_CASES, **OTHER_CASES}
