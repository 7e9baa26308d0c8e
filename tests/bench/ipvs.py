#!/usr/bin/env python3
"""What programming IPVS costs, side by side in one run: Baton, keepalived, `ipvsadm -R` and raw batched netlink.

    tests/bench/ipvs.py --kernel FOLDER [--batond build/release/batond] [--keepalived keepalived] [--sizes 100 1000 5000 10000]
                        [--servers 4] [--limit 900]

FOLDER is an unpacked kernel package with ip_vs, as by:

    apt-get download linux-image-cloud-amd64-of-some-version && dpkg-deb -x linux-image-*.deb FOLDER

Needs qemu-system-x86, busybox-static, cpio, ipvsadm, g++.  Everything runs in one virtual machine without KVM, where plain code is
some seven times and a system call three times as slow as outside: only figures of one run can be compared.  Each measurement
has a network namespace of its own, because the kernel keeps removed servers for two minutes in a list that every addition
walks.  Figures are printed, never asserted; milliseconds, but for pss (KiB, the sum over all processes of the daemon):

  start       exec to the last server of the last service
  reload_*    SIGHUP to the change and the end of all computing: nothing, one weight, one weight back, a tenth of them
  *_cpu       of all processes meanwhile
  stop, left  SIGTERM to the end, and the services that are then still there; of the floor the removal of its services, of ipvsadm -C
"""
import argparse
import glob
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MODULES = ("net/netfilter", "net/ipv4", "net/ipv6", "lib", "crypto", "arch/x86/crypto", "drivers/net/dummy.ko")
DAEMON = "{program} -n -l -G -C -f {folder}/conf.now -p /run/daemon.pid -c /run/checkers.pid -r /run/vrrp.pid"
INIT = """#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev; mount -t tmpfs tmp /run; mount -t tmpfs tmp /tmp
mkdir -p /var/run; echo 'root:x:0:0::/root:/bin/sh' > /etc/passwd; echo 'root:x:0:' > /etc/group
modprobe -a ip_vs ip_vs_wrr
ip link set lo up
sh /job; poweroff -f
"""


def address(base, number):
    number += base
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))


def configuration(services, servers, changed=frozenset()):
    lines = ["global_defs {\n router_id bench\n}\n"]
    for i in range(services):
        lines.append(f"virtual_server {address(0x0a640000, i)} 80 {{\n delay_loop 10\n lb_algo wrr\n lb_kind NAT\n"
                     " protocol TCP\n")
        for j in range(servers):
            weight = 7 if i in changed and j == servers - 1 else 1
            lines.append(f" real_server {address(0x0a140000, i * servers + j)} 80 {{\n  weight {weight}\n }}\n")
        lines.append("}\n")
    return "".join(lines)


def rules(services, servers):
    lines = []
    for i in range(services):
        lines.append(f"-A -t {address(0x0a640000, i)}:80 -s wrr\n")
        lines += [f"-a -t {address(0x0a640000, i)}:80 -r {address(0x0a140000, i * servers + j)}:80 -m -w 1\n"
                  for j in range(servers)]
    return "".join(lines)


def add_program(root, program, name=None):
    """A program and the libraries it needs, onto the same paths."""
    path = shutil.which(program) or program
    target = root / "usr/bin" / (name or os.path.basename(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, target)
    subprocess.run(["strip", target], check=False)
    listed = subprocess.run(["ldd", path], check=False, stdout=subprocess.PIPE, text=True).stdout
    for word in listed.split():
        if word.startswith("/") and not (root / word[1:]).exists():
            (root / word[1:]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(word, root / word[1:])


def job(args, programs):
    lines = [f'fresh() {{ unshare -n sh -c "ip link set lo up; $*"; }}\n']
    for size in args.sizes:
        lines.append(f"echo @size {size}\necho @program floor\nfresh ipvs_table floor {size} {args.servers}\n")
        lines.append("echo @program ipvsadm\nt0=$(cut -d' ' -f1 /proc/uptime)\n"
                     f"fresh 'ipvsadm -R < /data/{size}/rules; cat /proc/uptime > /run/t1; ipvsadm -C; cat /proc/uptime > /run/t2'\n"
                     "awk -v a=$t0 -v b=$(cut -d' ' -f1 /run/t1) -v c=$(cut -d' ' -f1 /run/t2) "
                     "'BEGIN {print \"start\", (b - a) * 1000; print \"stop\", (c - b) * 1000}'\n")
        for program in programs:
            folder = f"/tmp/{size}-{program}"
            lines.append(f"echo @program {program}\nmkdir {folder}; cp /data/{size}/conf* {folder}; : > /tmp/daemon.log\n"
                         f"fresh ipvs_table daemon {size} {args.servers} {folder} "
                         f"{DAEMON.format(program=program, folder=folder)} || tail -n 5 /tmp/daemon.log\nrm -r {folder}\n")
    return "".join(lines)


def build_root(args, root):
    programs = []
    for folder in ("bin", "sbin", "proc", "sys", "dev", "run", "tmp", "etc", "usr/bin", "usr/sbin", "var", "root", "data"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    shutil.copy(shutil.which("busybox"), root / "bin/busybox")
    subprocess.run(["g++", "-std=c++20", "-O2", "-Wall", "-Wextra", "-o", root / "ipvs_table", HERE / "ipvs_table.cpp"],
                   check=True)
    add_program(root, str(root / "ipvs_table"))
    add_program(root, "ipvsadm")
    for name, path in (("batond", args.batond), ("keepalived", args.keepalived)):
        if shutil.which(path):
            add_program(root, path, name)
            programs.append(name)
    release = os.path.basename(glob.glob(f"{args.kernel}/lib/modules/*")[0])
    for each in MODULES:
        source = pathlib.Path(args.kernel) / "lib/modules" / release / "kernel" / each
        target = root / "lib/modules" / release / "kernel" / each
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    subprocess.run(["depmod", "-b", root, release], check=True, stderr=subprocess.DEVNULL)
    for size in args.sizes:
        folder = root / "data" / str(size)
        folder.mkdir()
        last = size - 1
        tenth = frozenset(range(last, -1, -10))
        (folder / "conf").write_text(configuration(size, args.servers))
        (folder / "conf.one").write_text(configuration(size, args.servers, {last}))
        (folder / "conf.tenth").write_text(configuration(size, args.servers, tenth))
        (folder / "rules").write_text(rules(size, args.servers))
    (root / "job").write_text(job(args, programs))
    (root / "init").write_text(INIT)
    (root / "init").chmod(0o755)


def boot(args, root, work):
    initrd = work / "initrd"
    with open(initrd, "wb") as file:
        names = subprocess.run(["find", "."], cwd=root, check=True, stdout=subprocess.PIPE).stdout
        subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=root, input=names, stdout=file, check=True)
    image = glob.glob(f"{args.kernel}/boot/vmlinuz-*")[0]
    command = ["qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", "3000", "-kernel", image, "-initrd",
               initrd, "-append", "console=ttyS0 panic=-1 quiet mitigations=off", "-nographic", "-no-reboot", "-nic", "none"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, errors="replace") as machine:
        try:
            return machine.communicate(timeout=args.limit)[0]
        except subprocess.TimeoutExpired:
            machine.kill()
            return machine.communicate()[0]


def figures(output):
    """{(size, program): {name: value}}, and the lines that are no figures."""
    found, others, size, program = {}, [], None, None
    for line in output.replace("\r", "").splitlines():
        line = line[max(line.find("@size"), 0):]  # after what the firmware has said
        words = line.split()
        if words[:1] == ["@size"]:
            size = int(words[1])
        elif words[:1] == ["@program"]:
            program = words[1]
        elif size and program and len(words) == 2 and words[1].replace(".", "", 1).isdigit():
            found.setdefault((size, program), {})[words[0]] = float(words[1])
        elif size:
            others.append(f"{size} {program}: {line}")
    return found, others


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--batond", default=str(ROOT / "build/release/batond"))
    parser.add_argument("--keepalived", default="keepalived")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 5000, 10000])
    parser.add_argument("--servers", type=int, default=4)
    parser.add_argument("--limit", type=float, default=900)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="baton-bench.") as name:
        work = pathlib.Path(name)
        root = work / "root"
        root.mkdir()
        build_root(args, root)
        found, others = figures(boot(args, root, work))
    print("\n".join(others))
    for (size, program), values in found.items():
        floor = found.get((size, "floor"), {}).get("floor")
        start = values.get("start")
        ratio = f"  ({start / floor:.1f} times the floor)" if start and floor else ""
        print(f"{size:6} {program:10} " + "  ".join(f"{key} {value:g}" for key, value in values.items()) + ratio)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
