"""What a director's kernel holds, as lines that may be compared: addresses, routes, rules, links, sysctls, firewall."""
import os
import re
import shutil
import socket

from .director import local_addresses

#: Set aside: numbers of interfaces, which the kernel gives; how long a lease lasts, and the flag that says it is one; what
#: the kernel chose for a link on its own.
SET_ASIDE = re.compile(r" (valid_lft \S+|preferred_lft \S+|dynamic|expires \S+|link-netns(id)? \S+|qlen \d+|qdisc \S+"
                       r"|group default|promiscuity \d+|allmulti \d+|minmtu \d+|maxmtu \d+|numtxqueues \d+|numrxqueues \d+"
                       r"|gso_\w+ \d+|gro_\w+ \d+|tso_\w+ \d+|state \S+)(?= |$)")
SYSCTLS = {"ipv4": ("accept_local", "arp_filter", "arp_ignore", "arp_notify", "promote_secondaries", "rp_filter"),
           "ipv6": ("accept_dad", "accept_ra", "addr_gen_mode", "autoconf", "disable_ipv6")}
GROUP_REPORTS = "igmp_link_local_mcast_reports"
PARTS = ("addresses", "routes", "rules", "links", "sysctls", "firewall")


def holds(space, address):
    """Whether a namespace has the address; cheap."""
    with space.inside():
        if ":" not in address:
            return socket.inet_aton(address) in local_addresses()
        with open("/proc/thread-self/net/if_inet6", encoding="ascii") as file:
            return socket.inet_pton(socket.AF_INET6, address).hex() in {line.split()[0] for line in file}


def show(space, ipv6):
    """{part: lines} of a namespace."""
    lines = _ip(space, "-4", "link show", "addr show", "route show table all", "rule show")
    lines += _ip(space, "-6", "addr show", "route show table all", "rule show") if ipv6 else []
    shown = {part: [] for part in PARTS}
    for line in lines:
        shown[_part(line)].append(_plain(line))
    shown["sysctls"] = _sysctls(space)
    if shutil.which("nft"):
        shown["firewall"] = [line.rstrip() for line in space.run("nft", "list", "ruleset").splitlines() if line.strip()]
    return shown


def _ip(space, family, *commands):
    return space.run("ip", "-d", "-o", family, "-batch", "-", stdin="\n".join(commands) + "\n").splitlines()


def _part(line):
    if re.match(r"\d+:\s+(from|not)\b", line):
        return "rules"
    if re.match(r"\d+: \S+\s+inet6? ", line):
        return "addresses"
    return "links" if re.match(r"\d+: ", line) else "routes"


def _plain(line):
    line = re.sub(r"^\d+: (?=\S+(: <|\s+inet))", "", line.replace("\\", " "))
    line = re.sub(r"@if\d+", "", line)
    before = None
    line = re.sub(r"\s+", " ", line).strip()
    while before != line:
        before, line = line, SET_ASIDE.sub("", line)
    return line


def _sysctls(space):
    """Of each interface what is set; `lo` tells nothing."""
    found = []
    with space.inside():
        found.append(f"ipv4: {GROUP_REPORTS}=" + _read(f"/proc/sys/net/ipv4/{GROUP_REPORTS}"))
        for family, names in SYSCTLS.items():
            base = f"/proc/sys/net/{family}/conf"
            for interface in sorted(os.listdir(base)):
                if interface != "lo":
                    found.append(f"{interface} {family}: " + " ".join(
                        f"{name}={_read(f'{base}/{interface}/{name}')}" for name in names))
    return found


def _read(path):
    try:
        with open(path, encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return "-"
