"""A machine that looks as a configuration expects it: its links, its scripts, its users; in namespaces, for one moment.

Nothing of the host changes: the links are in a network namespace, the files in an overlay over the host's own root.
"""
import os
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass

CONFIGURATION = "/corpus/keepalived.conf"
PROGRAM = "/corpus/batond"
TREE = "/etc/keepalived"
STAND_IN = "#!/bin/sh\nexit 0\n"
#: Words after which a script is named.  Those of a fifo name the fifo.
SCRIPT_WORDS = re.compile(r"(\w*script\w*|notify(?!\w*_fifo$)\w*|quorum_(up|down)|misc_path|init_file)$")
ABSOLUTE = re.compile(r"""["'\s](/[^\s"'{}|;&<>()]*[^\s"'{}|;&<>()/])""")
SCRIPT_USER = "keepalived_script"
USER_WORDS = re.compile(r"^\s*(?:script_user|user)\s+([a-z_][\w-]*)(?:\s+([a-z_][\w-]*))?\s*$", re.MULTILINE)
#: Seconds of the processor, and of the clock, which other programs share.
COMPUTES, WAITS = 30, 300


@dataclass
class Machine:
    """What a configuration finds when it is read."""
    scripts: bool = True                # each script, user and group that it names is there
    script_user: bool = False           # the user keepalived_script, who is a default
    tree: str = ""                      # a folder that is seen as /etc/keepalived


@dataclass
class Outcome:
    """What came of one command; a negative status is a signal's number."""
    status: int
    said: str
    printed: str


def scripts_named_in(text):
    """The absolute paths of what looks like a script, in order."""
    found = {}
    for line in text.splitlines():
        words = line.split("#")[0].split("!")[0].split()
        if words and SCRIPT_WORDS.match(words[0].rstrip("{")):
            found.update(dict.fromkeys(ABSOLUTE.findall(line)))
    return list(found)


def _folder(upper, path):
    """Makes a folder of the upper layer with the mode that the host's own has."""
    at, below = upper, "/"
    for name in path.strip("/").split("/"):
        at, below = os.path.join(at, name), os.path.join(below, name)
        if not os.path.isdir(at):
            os.mkdir(at)
            os.chmod(at, stat.S_IMODE(os.stat(below).st_mode) if os.path.isdir(below) else 0o755)
    return at


def _write(upper, path, content, mode):
    """Writes a file of the upper layer; a folder that is a link on the host stays one."""
    real = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
    copy = os.path.join(_folder(upper, os.path.dirname(real)), os.path.basename(real))
    with open(copy, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    os.chmod(copy, mode)


def _users(upper, users, groups):
    """Adds users and groups to those that the host has."""
    for path, names, line in (("/etc/passwd", users, "{}:x:{}:64000::/nonexistent:/usr/sbin/nologin\n"),
                              ("/etc/group", groups, "{}:x:{}:\n")):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        known = {known.split(":")[0] for known in text.splitlines()}
        new = [line.format(name, 64000 + at) for at, name in enumerate(names) if name not in known]
        _write(upper, path, text + "".join(new), 0o644)


def _texts(machine, configuration):
    texts = [configuration.decode("utf-8", "replace")]
    for folder, _, names in os.walk(machine.tree) if machine.tree else ():
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                texts.append(file.read().decode("utf-8", "replace"))
    return texts


def _furnish(upper, machine, configuration):
    _write(upper, CONFIGURATION, configuration, 0o644)
    _write(upper, PROGRAM, "", 0o755)
    _folder(upper, "/dev")
    if machine.tree:
        shutil.copytree(machine.tree, _folder(upper, TREE), dirs_exist_ok=True)
    users, groups = ([SCRIPT_USER], [SCRIPT_USER]) if machine.script_user else ([], [])
    for text in _texts(machine, configuration) if machine.scripts else ():
        for path in scripts_named_in(text):
            if not os.path.lexists(path) and not os.path.lexists(upper + path):
                _write(upper, path, STAND_IN, 0o755)
        for user, group in USER_WORDS.findall(text):
            users.append(user)
            groups += [user, group] if group else [user]
    _users(upper, dict.fromkeys(users), dict.fromkeys(groups))


#: $1 the folder, $2 the program that is tested.  Each command is pid 1 of a pid namespace of its own.
_SCRIPT = """\
set -e
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
mount --rbind /dev "$1/root/dev"
mount --bind "$2" "$1/root%s"
set +e
ulimit -t %d
for command in "$1"/command.*; do
  number=${command##*.}
  timeout -s KILL %d unshare -p --fork --kill-child --mount-proc -R "$1/root" sh "$1/command.$number" \\
    >"$1/printed.$number" 2>"$1/said.$number" </dev/null
  echo $? >"$1/status.$number"
done
""" % (PROGRAM, COMPUTES, WAITS)


def _read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def _outcome(folder, number):
    status = int(_read(f"{folder}/status.{number}"))
    if status in (126, 127):  # the shell's
        raise RuntimeError(f"what is tested could not be started: {_read(f'{folder}/said.{number}').strip()}")
    return Outcome(128 - status if status > 128 else status, _read(f"{folder}/said.{number}"),
                   _read(f"{folder}/printed.{number}"))


class Links:
    """A network namespace that holds these links and nothing else, until close().  Whatever only reads a configuration
    leaves it as it is, so that one serves many: making and forgetting one costs a tenth of a second."""

    def __init__(self, names):
        commands = "link set lo up\n" + "".join(f"link add {name} type bridge\n" for name in names if name != "lo")
        self._holder = subprocess.Popen(["unshare", "-n", "sh", "-c", 'echo "$1" | ip -batch - && echo made && exec cat',
                                         "sh", commands], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self._holder.stdout.readline() != "made\n":
            self.close()
            raise RuntimeError(f"the links {' '.join(names)} could not be made")
        self.path = f"/proc/{self._holder.pid}/ns/net"

    def close(self):
        self._holder.communicate()  # the end of its input ends it


def run(folder, program, machine, links, configuration, commands):  # pylint: disable=too-many-arguments
    """Runs shell commands one after the other where `configuration` (bytes) is at CONFIGURATION and the file `program`
    at PROGRAM.  `folder` is an empty one below /dev/shm: an overlay does not lie in what it covers, and /dev is seen
    inside.  It is removed."""
    upper = os.path.join(folder, "upper")
    for name in ("upper", "work", "root"):
        os.mkdir(os.path.join(folder, name))
    _furnish(upper, machine, configuration)
    for number, command in enumerate(commands):
        with open(os.path.join(folder, f"command.{number:03}"), "w", encoding="utf-8") as file:
            file.write(f"exec {command}\n")
    done = subprocess.run(["nsenter", f"--net={links.path}", "unshare", "-m", "sh", "-c", _SCRIPT, "sh", folder, program],
                          text=True, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"a machine could not be furnished: {done.stderr.strip()}")
    outcomes = [_outcome(folder, f"{number:03}") for number in range(len(commands))]
    shutil.rmtree(folder)
    return outcomes
