"""What a VRRP differential case is made of: two configurations, and steps that change the world or the files."""
import os
import signal
from dataclasses import dataclass, field

#: The address that tells who is the master, where a case names no other.
VIP = "10.0.0.100"
#: Seconds for which nothing new may come before a trace is taken: longer than garp_master_delay, after which the second burst
#: of announcements comes.
QUIET = 1.4


@dataclass
class Step:
    """Acts are functions of a World; `holder` names the living directors that hold the case's address in the end."""
    name: str
    acts: tuple
    holder: str = "a"
    quiet: float = QUIET
    until: object = None  # function of a World: what else must have happened


@dataclass
class Case:  # pylint: disable=too-many-instance-attributes
    """`files` are {name: text}, written into both directors' folders; a text that begins with #! makes a script."""
    a: str
    b: str
    steps: tuple
    files: dict = field(default_factory=dict)
    address: str = VIP
    interfaces: tuple = ("eth0",)
    ipv6: bool = False
    periodic: bool = False  # announcements come again and again, so that their number tells nothing
    world: tuple = ()       # more `ip` commands for each director; {number} is 1 or 2


def step(name, *acts, **words):
    return Step(name, acts, **words)


def start(*names):
    """Starts daemons and waits until each has told of a state."""
    def act(world):
        for name in names:
            world.start(name)
        for name in names:
            world.wait_told(name)
    return act


def stop(name):
    return lambda world: world.stop(name)


def kill(name):
    return lambda world: world.kill(name)


def ip(name, *lines):
    return lambda world: world.spaces[name].ip(*lines)


def cable(name, state, interface="eth0"):
    """The switch's end of a link goes up or down: the interface loses its carrier."""
    return lambda world: world.switch.ns.ip(f"link set {name}-{interface} {state}")


def sysctl(name, key, value):
    return lambda world: world.spaces[name].sysctl(key, value)


def write(name, file, text):
    return lambda world: world.write(name, file, text)


def remove(name, file):
    return lambda world: os.unlink(world.path(name, file))


def reload(name, configuration):
    def act(world):
        world.configure(name, configuration)
        world[name].signal(signal.SIGHUP)
    return act


def asks(name, address):
    return lambda world: world.asks(name, address)


def parted(world):
    """The directors do not hear each other until they are joined."""
    world.switch.ns.ip("link set b-eth0 nomaster")


def joined(world):
    world.switch.ns.ip("link set b-eth0 master br0")


def heard(name):
    """Waits for a director's next advert: the next after that is an interval away."""
    return lambda world: world.wait_advert(name)


def announced(name):
    """Whether a director has announced addresses in this step."""
    return lambda world: bool(world.announcements[name])


def told(name, text):
    """Whether a script of a director has told this in this step."""
    return lambda world: any(text in line for line in world.scripts(name))
