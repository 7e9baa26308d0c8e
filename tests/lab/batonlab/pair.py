"""Two directors on one switch, VRRP alone: one scenario, and its trace, which must not depend on whose daemon it is."""
import itertools
import os
import shutil
import tempfile
import time

from . import wire
from .director import Director, wait_until
from .netns import Netns, Switch

ADDRESSES = {"d1": "10.0.0.1", "d2": "10.0.0.2"}
MACS = {"d1": "02:00:00:00:00:01", "d2": "02:00:00:00:00:02"}
PRIORITIES = {"d1": 100, "d2": 50}
VIP = "10.0.0.100"
#: every way to write one: bare (/32), with prefix, device and label, with a scope, in the interface's own subnet
VIPS = (VIP, "10.0.0.101/24 dev eth0 label eth0:vip", "10.0.1.1/24 scope link", "10.0.2.1/24 dev eth0 scope host",
        "10.0.0.102/8")
#: the protocol's variants: version, whether it carries a password
VARIANTS = {"v2": (2, False), "v2-pass": (2, True), "v3": (3, False)}

CONFIGURATION = """\
global_defs {{
    router_id {name}{version_line}
}}
vrrp_instance VI_1 {{
    state {state}
    interface eth0
    virtual_router_id 51
    priority {priority}
    advert_int {advert}
{extra}    virtual_ipaddress {{
{vips}
    }}
{notify}}}
"""
PASSWORD = """\
    authentication {
        auth_type PASS
        auth_pass 1111
    }
"""
_serial = itertools.count()


def configuration(name, variant="v2", advert=1, vips=VIPS, notify=None, extra=""):
    """keepalived's configuration of one director; `notify` is (script, file) for the calls."""
    version, password = VARIANTS[variant]
    calls = ""
    if notify:
        script, file = notify
        calls = "".join(f'    {word} "{script} {file} {word}"\n'
                        for word in ("notify_master", "notify_backup", "notify_fault", "notify_stop", "notify"))
    return CONFIGURATION.format(
        name=name, version_line="\n    vrrp_version 3" if version == 3 else "",
        state="MASTER" if name == "d1" else "BACKUP", priority=PRIORITIES[name], advert=advert,
        extra=(PASSWORD if password else "") + extra,
        vips="\n".join("        " + vip for vip in vips), notify=calls)


class Pair:
    """The two directors d1 (priority 100) and d2 (50), a host `cl` that looks on, and what the directors send."""

    def __init__(self, kinds, variant="v2", advert=1, vips=VIPS, options="-P", extra=""):
        tag = f"bl{os.getpid() % 100000}x{next(_serial)}"
        self.folder = tempfile.mkdtemp(prefix="batonlab.")
        self.switch = Switch(tag + "sw")
        self.spaces = {name: Netns(tag + name) for name in ("d1", "d2", "cl")}
        self.ports = {name: self.switch.plug(name, self.spaces[name], "eth0", MACS[name], f"addr add {own}/8 dev eth0")
                      for name, own in ADDRESSES.items()}
        self.switch.plug("cl", self.spaces["cl"], "eth0", "02:00:00:00:00:03", "addr add 10.0.0.3/8 dev eth0")
        self.directors = {name: Director(name, self.spaces[name], kind, self.folder, options)
                          for name, kind in zip(("d1", "d2"), kinds)}
        script = shutil.copy(os.path.join(os.path.dirname(__file__), "notify.sh"), self.folder)
        self.notified = {name: os.path.join(self.folder, name + ".notify") for name in self.directors}
        for name, director in self.directors.items():
            director.write(configuration(name, variant, advert, vips, (script, self.notified[name]), extra))
        self.capture = wire.Capture(self.switch.ns, self.ports.values())

    def __getitem__(self, name):
        return self.directors[name]

    def start(self, *names):
        for name in names or ("d1", "d2"):
            self[name].start()

    def wait_master(self, name, seconds=6, address=VIP):
        """Waits until `name` holds the VIP; the seconds it took or None."""
        return wait_until(lambda: self[name].holds(address), seconds)

    def calls(self, name, since=0.0, until=float("inf")):
        """The notify calls of a director as (when, what), in the order in which the scripts wrote them."""
        try:
            with open(self.notified[name], encoding="utf-8") as file:
                lines = [line.rstrip("\n").split(" ", 1) for line in file]
        except OSError:
            return []
        return [(float(when), what) for when, what in lines if since <= float(when) < until]

    def adverts(self, name, **span):
        return [f for f in self.capture.frames(self.ports[name], **span) if wire.is_advert(f)]

    def garps(self, name, **span):
        return [f for f in self.capture.frames(self.ports[name], **span) if wire.is_gratuitous_arp(f)]

    def close(self):
        for director in self.directors.values():
            director.stop()
        self.capture.close()
        self.switch.close()
        for space in self.spaces.values():
            space.close()
        if not os.environ.get("BATONLAB_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def bursts(frames, gap=1.0):
    """Splits frames into bursts: a burst ends where nothing comes for `gap` seconds."""
    groups = []
    for frame in frames:
        if groups and frame.time - groups[-1][-1].time < gap:
            groups[-1].append(frame)
        else:
            groups.append([frame])
    return groups


#: What is done in each step of the scenario, and for how long its consequences are watched (a take-over, then the
#: second burst of gratuitous ARP five seconds later).
STEPS = (
    ("start", lambda p: (p.start("d1"), time.sleep(0.5), p.start("d2")), 10.5),
    ("term-master", lambda p: p["d1"].stop(), 7.5),
    ("restart-master", lambda p: p.start("d1"), 10.5),
    ("kill-master", lambda p: p["d1"].kill_all(), 10.5),
    ("restart-killed", lambda p: p.start("d1"), 10.5),
    ("link-down", lambda p: p.spaces["d1"].ip("link set eth0 down"), 10.5),
    ("link-up", lambda p: p.spaces["d1"].ip("link set eth0 up"), 10.5),
    ("stop-backup", lambda p: p["d2"].stop(), 2.5),
    ("stop-last", lambda p: p["d1"].stop(), 1.5),
)


def play(pair, steps=STEPS):
    """Plays the scenario; returns {step: what was seen in it}."""
    seen, last = {}, None
    for step, act, seconds in steps:
        start = time.time()
        act(pair)
        time.sleep(max(0.0, start + seconds - time.time()))
        seen[step], last = trace(pair, start, time.time(), last)
    return seen


def trace(pair, since, until, last):
    """What may be compared between daemons of one span of time: no moments, no counts of the periodic adverts.

    Adverts are told where they change, beginning with the first that is not the `last` of the span before.  Returns the
    trace and the new last advert.
    """
    span = {"since": since, "until": until}
    adverts = [(port, wire.without_ip_id(data).hex()) for _, port, data in
               (f for f in pair.capture.frames(**span) if wire.is_advert(f))]
    changes = [advert for advert, _ in itertools.groupby(([last] if last else []) + adverts)][1 if last else 0:]
    seen = {"adverts": changes}
    for name, director in pair.directors.items():
        groups = bursts(pair.garps(name, **span))
        seen[name] = {
            "addresses": director.addresses(),
            "garp": [[frame.data.hex() for frame in group] for group in groups],
            "garp after": [round(group[0].time - groups[0][0].time) for group in groups],
            "notify": sorted(what for _, what in pair.calls(name, **span)),
        }
    return seen, (adverts[-1] if adverts else last)
