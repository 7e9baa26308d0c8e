"""What a differential case is made of: a configuration, real servers, and steps that change the world or the file."""
import os
import signal
from dataclasses import dataclass, field

#: What a step waits for: a change of what the reference shows, that nothing changes for a while, or the daemons' end.
CHANGE, NOTHING, END = "change", "nothing", "end"
#: In a configuration the folder of the side that reads it.
FOLDER = "DIR/"


@dataclass
class Step:
    """Acts are coroutine functions of a Side; they are done on both sides at once."""
    name: str
    acts: tuple
    waits: str = CHANGE

    def starts_checks(self):
        """Whether checks begin, whose first results come a second later."""
        return any(getattr(act, "starts_checks", False) for act in self.acts)


@dataclass
class Case:
    """`files` are {name: text}, written before the start; a text that begins with #! makes a script."""
    configuration: str
    steps: list = field(default_factory=list)
    servers: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)
    later: tuple = ()     # servers that are down at the start
    own_world: bool = False  # it changes its namespace, which nobody else may then get
    ordered: bool = True  # whether the order of the FIFO's lines within a step is told by the case


def put(path, text, folder):
    """Writes a file in place; who reads it meanwhile finds no empty one.  A text that begins with #! makes a script."""
    data = text.replace(FOLDER, folder + "/").encode()
    file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    os.write(file, data)  # before it is cut
    os.ftruncate(file, len(data))
    os.close(file)
    if text.startswith("#!"):
        os.chmod(path, 0o755)


def step(name, *acts):
    return Step(name, acts)


def still(name, *acts):
    """A step after which nothing may change."""
    return Step(name, acts, NOTHING)


def up(*names):
    async def act(side):
        for name in names:
            await side.servers[name].up(side.space)
    return act


def down(*names):
    async def act(side):
        for name in names:
            await side.servers[name].down(side.space)
    return act


def says(name, **what):
    """Another banner, answer or RCODE of a server."""
    async def act(side):
        for key, value in what.items():
            setattr(side.servers[name], key, value)
    return act


def page(name, path, status=200, body="hello"):
    async def act(side):
        side.servers[name].pages[path] = (status, body)
    return act


def write(name, text):
    """Writes a file in place."""
    async def act(side):
        side.write(name, text)
    return act


def remove(name):
    async def act(side):
        os.unlink(side.path(name))
    return act


def reload(configuration):
    async def act(side):
        side.configure(configuration)
        side.director.signal(signal.SIGHUP)
    act.starts_checks = True
    return act


def ip(line):
    async def act(side):
        side.space.ip(line)
    return act


def sysctl(name, value):
    async def act(side):
        side.space.sysctl(name, value)
    return act
