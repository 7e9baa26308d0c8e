"""Runs a command inside user-mode Linux: a whole kernel with IPVS as one program, over this machine's own files.

Inside, every file system is read-only but /run (memory) and the folder that is passed in and out.
"""
import glob
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

MODULES = "/usr/lib/uml/modules"
WIDE_XSTATE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "wide_xstate.c")
MEMORY = "768M"
WANTED = ("ip_vs ip_vs_rr ip_vs_wrr ip_vs_lc ip_vs_wlc ip_vs_sh ip_vs_dh ip_vs_mh ip_vs_lblc ip_vs_sed ip_vs_nq "
          "veth bridge ipip macvlan ipvlan")
INIT = """\
#!/bin/bash
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/run/tmp HOME=/run LC_ALL=C.UTF-8
export PYTHONDONTWRITEBYTECODE=1 {environment}
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs run /run
mount -t devtmpfs dev /dev 2>/dev/null
exec </dev/tty1 >/dev/tty1 2>&1
mkdir -p /run/tmp /run/netns /run/work /run/modules/lib/modules
mount --bind {folder} /run/work
mount -o remount,bind,ro /
ln -s {modules}/* /run/modules/lib/modules/
printf '#!/bin/sh\\nexec /sbin/modprobe -d /run/modules "$@"\\n' > /run/modules/modprobe
chmod 755 /run/modules/modprobe
echo /run/modules/modprobe > /proc/sys/kernel/modprobe
export PATH=/run/modules:$PATH
for module in {wanted}; do modprobe $module || echo "user-mode Linux: no module $module" >&2; done
ip link set lo up
cd {root}
{command}
echo $? > /run/work/exit-code
sync
poweroff -f -d >/dev/null 2>&1
"""


def missing():
    """What is missing to run user-mode Linux here, as a sentence; '' when nothing is."""
    if not shutil.which("linux") or not glob.glob(MODULES + "/*/kernel"):
        return "user-mode Linux is not installed (package user-mode-linux)"
    if os.geteuid() != 0:
        return "user-mode Linux needs root here, so that the files inside are root's"
    return ""


def run(argv, folder, root, timeout, interactive=False, environment=None, output=None):
    """Runs a command with `folder` as /run/work; returns its exit code, or None when it never came to its end."""
    own = tempfile.mkdtemp(prefix="batonlab-uml.")
    try:
        init = os.path.join(own, "init")
        with open(init, "w", encoding="utf-8") as file:
            file.write(INIT.format(
                folder=shlex.quote(folder), root=shlex.quote(root), modules=MODULES, wanted=WANTED,
                command=shlex.join(argv),
                environment=" ".join(f"{key}={shlex.quote(value)}" for key, value in (environment or {}).items())))
        os.chmod(init, 0o700)
        code_file = os.path.join(folder, "exit-code")
        if os.path.exists(code_file):
            os.unlink(code_file)
        machine = ["linux", "mem=" + MEMORY, "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "rw", "init=" + init,
                   "con=null", "con0=null", "con1=fd:0,fd:1", "uml_dir=" + own, "umid=lab", "quiet"]
        library = os.path.join(own, "wide_xstate.so")
        subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-o", library, WIDE_XSTATE], check=True)
        _wait(machine, library, timeout, interactive, output)
        try:
            with open(code_file, encoding="ascii") as file:
                return int(file.read())
        except (OSError, ValueError):
            return None
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _wait(machine, library, timeout, interactive, output):
    """Runs the machine to its end or to the timeout, and ends whatever is left of it."""
    stdin = sys.stdin if interactive else subprocess.DEVNULL
    with subprocess.Popen(machine, stdin=stdin, stdout=output, start_new_session=not interactive,
                          stderr=subprocess.DEVNULL, env=dict(os.environ, LD_PRELOAD=library)) as process:
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            pass
        finally:
            if process.poll() is None:
                if interactive:
                    process.kill()
                else:
                    os.killpg(process.pid, signal.SIGKILL)
