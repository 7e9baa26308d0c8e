"""Configurations that nobody would write: mutants of good ones, and the ones that broke other programs."""
import glob
import os
import random

from .director import ROOT

INSTANCE = "vrrp_instance V {{\n interface eth0\n virtual_router_id {vrid}\n priority {priority}\n advert_int {interval}\n" \
    " virtual_ipaddress {{\n{addresses} }}\n}}\n"


def instance(vrid="1", priority="100", interval="1", addresses="  10.77.0.1/32\n"):
    return INSTANCE.format(vrid=vrid, priority=priority, interval=interval, addresses=addresses)


def service(address="10.0.0.1 80", real="10.0.1.1 80", inside=""):
    return f"virtual_server {address} {{\n lb_algo rr\n lb_kind NAT\n protocol TCP\n real_server {real} {{\n{inside} }}\n}}\n"


def _doubling(levels):
    lines = ["$A0=aaaaaaaaaaaaaaaa", *(f"$A{at + 1}=${{A{at}}}${{A{at}}}" for at in range(levels))]
    return "\n".join(lines) + f"\nglobal_defs {{\n router_id $A{levels}\n}}\n"


def _many_addresses(size):
    return "".join(f"    10.{at >> 16 & 255}.{at >> 8 & 255}.{at & 255}/32\n" for at in range(size // 18))


def odd():
    """{name: text or octets}; `{self}` stands for the path of the file, `{folder}` for its folder."""
    bad_addresses = ("1.2.3.4/24", "1.2.3.4-1", "1.2.3.4-5-6", "[::1", "::1]", "fe80::1%eth0", "1.2.3", "0x7f000001", "-", "/",
                     "1.2.3.4,5", "::ffff:1.2.3.300", "1.2.3.4/-1", "a" * 400, "1:2:3:4:5:6:7:8:9")
    cases = {f"virtual server at {address[:20]}": service(f"{address} 80") for address in bad_addresses}
    cases |= {f"real server at {address[:20]}": service(real=f"{address} 80") for address in bad_addresses}
    cases |= {f"address {address[:20]}": instance(addresses=f"  {address}\n") for address in bad_addresses}
    cases |= {
        "checker without a url": service(inside="  HTTP_GET {\n   connect_port 80\n  }\n"),
        "address and brace missing": "virtual_server 192.168.1.300 22\n delay_loop 6\n real_server 10.0.0.1 22 {\n }\n}\n",
        "1,000 nested blocks": "a {\n" * 1000 + "}\n" * 1000,
        "100,000 nested blocks": "a {\n" * 100_000 + "}\n" * 100_000,
        "20,000 nested lists": "vrrp_instance V {\n" + "virtual_ipaddress {\n" * 20_000 + "}\n" * 20_001,
        "10,000 blocks that stay open": "vrrp_instance V {\n" * 10_000,
        "10,000 closing braces": "}\n" * 10_000,
        "100,000 braces in a line": "{}" * 100_000,
        "includes itself": "include {self}\n",
        "includes itself twice": "include {self}\ninclude {self}\n",
        "includes its folder": "include {folder}/*\n",
        "includes a folder": "include {folder}\n",
        "includes a device": "include /dev/zero\ninclude /dev/tty\ninclude /proc/self/mem\n",
        "quote that stays open": 'global_defs {\n router_id "abc\n}\n',
        "NUL": "global_defs {\n\0\0 router_id a\n}\n",
        "no line end": "global_defs { router_id a }",
        "nothing": "",
        "blanks": " " * 100_000,
        "any octets": random.Random(5).randbytes(200_000),
        "definitions of each other": "$A=$B\n$B=$A\nglobal_defs {\n router_id $A\n}\n",
        "definition of itself": "$A=$A$A\n$A=$A$A\nglobal_defs {\n router_id $A\n}\n",
        "definitions that double": _doubling(30),
        "definition of many lines that double": "$A=\\\n x $A \\\n $A \\\n\n$A\n",
        "a billion lines": "~SEQ(i,1,1000000000) include x$i\n",
        "a billion lines of lines": "~SEQ(i,1,100000) ~SEQ(j,1,100000) unknown $i $j\n",
        "endless steps": "~SEQ(i,1,10,0) unknown $i\n~SEQ(i,9223372036854775806,9223372036854775807) unknown $i\n",
        "long list": "~LST(A,{" + ",".join(map(str, range(200_000))) + "}) unknown $A\n",
        "huge numbers": instance(priority="9" * 23, interval="1e308"),
        "negative numbers": instance(vrid="-1", priority="-5"),
        "the same router twice": instance() * 2,
        "comment of 1 MB": "# " + "x" * 1_000_000 + "\n" + instance(),
        "line of 10 MB": "global_defs {\n router_id " + "y" * 10_000_000 + "\n}\n",
        "line of a million words": "global_defs {\n router_id" + " y" * 1_000_000 + "\n}\n",
        "10 MB of unknown words": "nonsense word here\n" * 526_000,
        "10 MB of comments": "# a comment line of usual size, nothing more\n" * 222_000,
        "10 MB of one word": "x" * 10_000_000,
        "10 MB of addresses": instance(addresses=_many_addresses(10_000_000)),
        "10 MB of the same address": instance(addresses="  10.0.0.1/32\n" * 700_000),
        "30,000 instances of one name": instance() * 30_000,
        "30,000 servers of one address": service() * 30_000,
    }
    return cases


def seeds():
    """Good configurations, and bad ones whose mistakes are known: all of the project's own."""
    paths = sorted(glob.glob(os.path.join(ROOT, "etc", "examples", "**", "*.conf"), recursive=True) +
                   glob.glob(os.path.join(ROOT, "tests", "golden", "config", "*.conf")))
    return [octets for octets in map(_octets, paths) if octets]


def _octets(path):
    with open(path, "rb") as file:
        return file.read()


PIECES = (b"{", b"}", b"\n", b'"', b"!", b"#", b"$", b"@", b"-1", b"4294967296", b"~SEQ(V,1,9)", b"\\\n", b"include ", b"\0",
          b"${", b"(", b"%", b"0")


def mutant(chance, texts, words):
    """One of the texts with up to 50 things done to it."""
    text = bytearray(chance.choice(texts))
    for _ in range(chance.choice((1, 3, 10, 50))):
        place, kind = chance.randrange(len(text) + 1), chance.randrange(6)
        if kind == 0 and place < len(text):
            text[place] = chance.randrange(256)
        elif kind == 1:
            del text[place:place + chance.randrange(1, 40)]
        elif kind == 2:
            text[place:place] = chance.randbytes(chance.randrange(1, 8))
        elif kind == 3:
            text[place:place] = b" " + chance.choice(words) + b" "
        elif kind == 4:
            text[place:place] = chance.choice(PIECES)
        else:
            start = chance.randrange(len(text) + 1)
            text[place:place] = text[start:start + chance.randrange(1, 200)]
    return bytes(text)


def mutants(seed, count):
    """So many, the same ones for the same seed and seeds."""
    texts, chance = seeds(), random.Random(seed)
    words = [word for text in texts for word in text.split()]
    return [mutant(chance, texts, words) for _ in range(count)]
