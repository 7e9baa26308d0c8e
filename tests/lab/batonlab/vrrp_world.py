"""Two directors, a and b, on one switch, and what can be seen of them in one step of a VRRP differential case."""
import itertools
import os
import shutil
import socket
import tempfile
import threading
import time

from . import vrrp_kernel, vrrp_wire, wire
from .differential_steps import FOLDER, put
from .director import Director, wait_until
from .netns import Netns, Switch

NAMES = ("a", "b")
NUMBERS = {"a": 1, "b": 2}
#: Seconds.  DEADLINE: until the holder is who it should be.  TOLD: until a daemon that was started has told of a state.
#: LATE: what a script that was called may need to write its line.
DEADLINE, TOLD = 12.0, 8.0
#: SILENCE: after which a master that is heard no more is believed to be silent.
SILENCE = 1.5
PAUSE = 0.1
#: In each director's folder.
FILES = {"note": '#!/bin/sh\necho "$*" >>DIR/notes\n', "check": "#!/bin/sh\ntest ! -e DIR/bad\n"}
#: One world is made at a time: it takes all of a processor, and daemons of others should not wait for theirs.
_making = threading.Lock()
_serial = itertools.count()


class World:  # pylint: disable=too-many-instance-attributes
    """Made for one case and one pairing; closed afterwards."""

    def __init__(self, case, kinds):
        self.case = case
        self.folder = tempfile.mkdtemp(prefix="batonlab-vrrp.")
        self.killed, self.fifos = set(), {}
        with _making:
            self._wire(f"vlab{os.getpid() % 100000}x{next(_serial)}")
        self.directors = {name: self._director(name, kind) for name, kind in zip(NAMES, kinds)}
        self.last, self.order, self.position, self.turns = {}, {}, 0, set()
        self.begin()

    def _wire(self, tag):
        self.switch = Switch(tag + "sw", [f"br{at}" for at in range(len(self.case.interfaces))])
        self.spaces, self.ports = {}, {}
        for name in NAMES:
            space = self.spaces[name] = Netns(tag + name)
            if self.case.ipv6:
                _enable_ipv6(space)
            for at, interface in enumerate(self.case.interfaces):
                self.ports[name, interface] = self.switch.plug(
                    name, space, interface, f"02:00:00:00:{at:02x}:{NUMBERS[name]:02x}", *self._own(name, at, interface),
                    bridge=f"br{at}")
            if self.case.world:
                space.ip(*(line.format(number=NUMBERS[name]) for line in self.case.world))
        self.capture = wire.Capture(self.switch.ns, self.ports.values())

    def _own(self, name, at, interface):
        lines = [f"addr add 10.{at}.0.{NUMBERS[name]}/24 brd + dev {interface}"]
        return lines + ([f"addr add fd0{at}::{NUMBERS[name]}/64 dev {interface}"] if self.case.ipv6 else [])

    def _director(self, name, kind):
        os.mkdir(os.path.join(self.folder, name))
        os.mkfifo(self.path(name, "fifo"))
        self.fifos[name] = os.open(self.path(name, "fifo"), os.O_RDWR | os.O_NONBLOCK)
        for file, text in {**FILES, **self.case.files}.items():
            self.write(name, file, text)
        director = Director(name, self.spaces[name], kind, os.path.join(self.folder, name), "-P")
        director.write(getattr(self.case, name).replace(FOLDER, self.path(name, "")))
        return director

    def __getitem__(self, name):
        return self.directors[name]

    def path(self, name, file):
        return os.path.join(self.folder, name, file)

    def write(self, name, file, text):
        put(self.path(name, file), text, os.path.join(self.folder, name))

    def configure(self, name, text):
        self[name].write(text.replace(FOLDER, self.path(name, "")))

    def start(self, name):
        self.killed.discard(name)
        self[name].start()

    def wait_told(self, name):
        wait_until(lambda: self.look() or self.told[name] or self.scripts(name), TOLD, PAUSE)

    def wait_advert(self, name):
        port, since = self.ports[name, "eth0"], time.time()
        wait_until(lambda: any(map(vrrp_wire.advert, self.capture.frames(port, since))), TOLD, 0.003)

    def stop(self, name):
        code, _ = self[name].stop()
        if code != 0:
            self.noted.append(f"{name} ended with {code}")

    def kill(self, name):
        self[name].kill_all()
        self.killed.add(name)

    def living(self):
        """The directors whose kernel is compared: what a killed one leaves behind is not, for leases run out."""
        return [name for name in NAMES if name not in self.killed]

    def holders(self):
        return "".join(name for name in self.living() if vrrp_kernel.holds(self.spaces[name], self.case.address))

    def begin(self):
        """A step begins: what is told and sent from now on is its own."""
        self.told = {name: [] for name in NAMES}
        self.adverts = {name: {} for name in NAMES}
        self.announcements = {name: {} for name in NAMES}
        # the last that spoke before is kept: another advert of its in this step tells nothing
        self.after_turns, self.turns = self.turns, set()
        self.order = {router: speakers[-1:] for router, speakers in self.order.items()}
        self.noted = []
        self.notes_read = {name: self._size(name) for name in NAMES}

    def _size(self, name):
        return os.path.getsize(self.path(name, "notes")) if os.path.exists(self.path(name, "notes")) else 0

    def scripts(self, name):
        """What scripts of a director have written in this step; they run side by side, so their order tells nothing."""
        if not os.path.exists(self.path(name, "notes")):
            return []
        with open(self.path(name, "notes"), encoding="utf-8", errors="replace") as file:
            file.seek(self.notes_read[name])
            return sorted(line.rstrip("\n") for line in file)

    def look(self):
        """Takes in what has come since the last look."""
        for name, fifo in self.fifos.items():
            try:
                self.told[name] += os.read(fifo, 1 << 16).decode("utf-8", "replace").splitlines()
            except BlockingIOError:
                pass
        frames = self.capture.after(self.position)
        self.position += len(frames)
        for frame in sorted(frames):
            self._take(frame)

    def _take(self, frame):
        name = frame.port[0]
        advert = vrrp_wire.advert(frame)
        if advert:
            self._take_advert(name, frame, advert)
            return
        text = vrrp_wire.announcement(frame)
        if text:
            seen = self.announcements[name]
            seen[frame.port, text] = seen.get((frame.port, text), 0) + 1

    def _take_advert(self, name, frame, advert):
        flow = (frame.port, *advert.flow)
        if flow not in self.last or self.last[flow][1].text != advert.text:
            self.adverts[name].setdefault(flow, []).append(advert.text)
        self.last[flow] = (frame.time, advert)
        speaker = f"{name}/{advert.priority}"
        order = self.order.setdefault(advert.router, [""])
        if order[-1] != speaker:
            order.append(speaker)

    def _speakers(self, router, speakers):
        """In which order the directors spoke, unless chance chose it: of two masters, who comes first differs."""
        if router in self.after_turns:
            return "after turns"
        return "turns of " + " ".join(sorted(set(speakers))) if router in self.turns else " ".join(speakers[1:])

    def speaking(self):
        """Which adverts go on at this moment.  Of two masters that refuse each other's adverts keepalived sends them at odd
        times, so that this tells nothing."""
        flows = [flow for flow, (_, advert) in sorted(self.last.items()) if advert.priority
                 and advert.router not in self.turns and self.order[advert.router][-1].startswith(flow[0][0])]
        # one that is late, on a busy machine, has some time more
        wait_until(lambda: self.look() or all(map(self._is_recent, flows)), SILENCE, PAUSE)
        return [f"{flow[0]}: {self.last[flow][1].router} to {flow[-1]}" for flow in flows if self._is_recent(flow)]

    def _is_recent(self, flow):
        when, advert = self.last[flow]
        return time.time() - when < 2.2 * advert.interval + 0.5

    def activity(self, holders):
        """What changes whenever something new has come; `holders` as they are now."""
        announced = {name: len(seen) if self.case.periodic else sum(seen.values())
                     for name, seen in self.announcements.items()}
        return (holders, announced, {name: len(lines) for name, lines in self.told.items()},
                {name: self._size(name) for name in NAMES},
                {router: len(set(speakers)) for router, speakers in self.order.items()},
                [len(texts) for flows in self.adverts.values() for texts in flows.values()])

    def trace(self):
        """{part: lines} of this step."""
        self.look()
        holders = self.holders()
        self.turns = {router for router, speakers in self.order.items()
                      if len(holders) > 1 or router not in self.after_turns
                      and any(speakers.count(speaker) > 2 for speaker in speakers)}
        seen = {"holders": [holders], "noted": self.noted}
        seen["speakers"] = [f"{router}: {self._speakers(router, order)}" for router, order in sorted(self.order.items())]
        seen["speaking"] = self.speaking()
        for name in NAMES:
            seen[f"{name} adverts"] = [f"{flow[0]}: {text}" for flow, texts in sorted(self.adverts[name].items())
                                       for text in texts]
            announced = sorted((f"{port}: {text}", count)
                               for (port, text), count in self.announcements[name].items())
            # one that gives way may have announced once more in this step, or not
            seen[f"{name} announced"] = [text for text, _ in announced if name in holders or not self.case.periodic]
            seen[f"{name} bursts"] = [] if self.case.periodic else [
                f"{count} x {text.partition(' from')[0]}" for text, count in announced]
            seen[f"{name} scripts"] = self.scripts(name)
            seen[f"{name} fifo"] = self.told[name]
            if name in self.living():
                shown = vrrp_kernel.show(self.spaces[name], self.case.ipv6)
                if not self.directors[name].running():
                    shown["sysctls left"] = shown.pop("sysctls")
                seen.update({f"{name} {part}": lines for part, lines in shown.items()})
        return {part: [line.replace(self.folder, "") for line in lines] for part, lines in seen.items()}

    def asks(self, name, address):
        """Notes whether an address answers a director: a closed port does by refusing.  And, of IPv6, whether it was found."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with self.spaces[name].inside(), socket.socket(family, socket.SOCK_STREAM) as sock:
            sock.settimeout(0.8)
            try:
                answer = os.strerror(sock.connect_ex((address, 9)))
            except TimeoutError:
                answer = "no answer"
        self.noted.append(f"{name} asks {address}: {answer}")
        if family == socket.AF_INET6:
            found = "lladdr" in self.spaces[name].run("ip", "-6", "neigh", "show", address)
            self.noted.append(f"{name} {'has' if found else 'has not'} found {address}")

    def logs(self):
        return {name: director.log()[-6000:] for name, director in self.directors.items()}

    def close(self):
        for director in getattr(self, "directors", {}).values():
            director.stop()
        if hasattr(self, "capture"):
            self.capture.close()
        for space in [self.switch, *self.spaces.values()]:
            space.close()
        for fifo in self.fifos.values():
            os.close(fifo)
        if not os.environ.get("BATONLAB_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)


def _enable_ipv6(space):
    """IPv6 as a lab wants it: addresses may be used at once, and no label that chance chooses is in a packet."""
    for name in ("all", "default", "lo"):
        space.sysctl(f"net.ipv6.conf.{name}.disable_ipv6", 0)
        space.sysctl(f"net.ipv6.conf.{name}.accept_dad", 0)
        space.sysctl(f"net.ipv6.conf.{name}.router_solicitations", 0)
    space.sysctl("net.ipv6.auto_flowlabels", 0)
