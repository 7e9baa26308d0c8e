"""The lab left up, for somebody to look around in it."""
import os
import shutil
import signal
import subprocess
import sys

SHELL = """\
PS1='baton-lab$ '
for host in {hosts}; do eval "$host() {{ ip netns exec {prefix}$host \\"\\$@\\"; }}"; done
ask() {{ client bash -c 'exec 3<>/dev/tcp/{vip}/{port} && printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3 && tail -n 1 <&3'; }}
log() {{ tail -n "${{2:-20}}" {folder}/"$1".log; }}
"""
HELP = """\
The lab is up: {hosts}, joined by a bridge in {prefix}switch. Each is a network namespace:

  ip netns exec {prefix}d1 ip addr            what director 1 holds (here also: d1 ip addr)
  ip netns exec {prefix}d1 ipvsadm -Ln        its IPVS table
  ip netns exec {prefix}d2 tcpdump -ni eth0   what passes director 2 (if tcpdump is installed)
  ask                                       asks the VIP once, as the client
  log d1                                    the end of director 1's log
  kill {pid:<35} stops director 1 (its files are in {folder})
"""


def has_terminal():
    """Whether somebody may type here."""
    return "BATON_NO_TERMINAL" not in os.environ and sys.stdin is not None and sys.stdin.isatty()


def visit(cluster, screen):
    """Gives a shell in the lab until it is left; without a terminal, waits for TERM or INT."""
    screen.title("The lab stays up")
    prefix = cluster.spaces["d1"].name[:-2]
    words = {"hosts": ", ".join(cluster.hosts), "prefix": prefix, "folder": cluster.folder,
             "pid": cluster["d1"].process.pid, "vip": cluster.plan.vip, "port": cluster.plan.port}
    print(HELP.format(**words), flush=True)
    if not has_terminal():
        print("No terminal: the lab stays until this program gets a TERM or INT.", flush=True)
        try:
            signal.pause()
        except (KeyboardInterrupt, SystemExit):
            pass
        return
    startup = os.path.join(cluster.folder, "shell")
    with open(startup, "w", encoding="utf-8") as file:
        file.write(SHELL.format(**dict(words, hosts=" ".join(cluster.hosts))))
    print("This is a shell in the lab; leave it with `exit`, and the lab is taken down.", flush=True)
    launcher = [shutil.which("setsid"), "--ctty", "--wait"] if os.getpid() != os.getsid(0) else []
    subprocess.run([*launcher, "bash", "--noprofile", "--rcfile", startup, "-i"], check=False)
