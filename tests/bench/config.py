"""How fast a configuration is read and checked: Baton, keepalived and `wc -w` over the same files, in one run.

  python3 tests/bench/config.py [--quick] [--batond build/release/batond] [--times 3]

The measured file has 10,000 virtual servers with 4 real servers each.  Then the same in sizes from 1 to 100 MB, and
10 MB of addresses in one instance.  Each figure is the best of a few runs: seconds of processor time of the whole
process, start included; the ratio is to keepalived.
"""
import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HEAD = "global_defs {\n    router_id speed\n    vrrp_garp_master_refresh 0\n}\n\n"


def service(number, servers=4):
    """A virtual server as a hand would indent it, its real servers under it."""
    address = f"10.{100 + number // 60000}.{number // 240 % 250}.{number % 240 + 1}"
    lines = [f"virtual_server {address} 80 {{", "    delay_loop 6", "    lb_algo wrr", "    lb_kind NAT",
             "    protocol TCP"]
    for at in range(number * servers, (number + 1) * servers):
        real = f"10.{20 + at // 60000}.{at // 240 % 250}.{at % 240 + 1}"
        lines += [f"    real_server {real} 80 {{", f"        weight {at % 9 + 1}", "    }"]
    return "\n".join([*lines, "}", ""])


def services(path, count):
    """Writes a file of so many virtual servers; returns its size."""
    with open(path, "w", encoding="ascii") as file:
        file.write(HEAD)
        for start in range(0, count, 1000):
            file.write("".join(service(number) for number in range(start, min(start + 1000, count))))
    return os.path.getsize(path)


def addresses(path, size):
    """Writes a file of one instance with so many octets of addresses; returns its size."""
    with open(path, "w", encoding="ascii") as file:
        file.write("vrrp_instance A {\n    interface eth0\n    virtual_router_id 1\n    priority 100\n"
                   "    virtual_ipaddress {\n")
        for number in range(size // 23):
            file.write(f"        10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}/32\n")
        file.write("    }\n}\n")
    return os.path.getsize(path)


def measure(argv, times):
    """(processor seconds, exit status, peak memory in MB) of the best of some runs."""
    best, status, peak = float("inf"), 0, 0
    for _ in range(times):
        pid = os.fork()
        if pid == 0:
            silent = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(silent, number)
            os.execvp(argv[0], argv)
        _, ended, used = os.wait4(pid, 0)
        status, peak = os.waitstatus_to_exitcode(ended), max(peak, used.ru_maxrss // 1024)
        best = min(best, used.ru_utime + used.ru_stime)
    return best, status, peak


def compare(title, path, programs, times):
    """One line for each program; returns MB/s by program."""
    size, speeds = os.path.getsize(path) / 1e6, {}
    print(f"\n{title}: {size:.1f} MB")
    for name, argv in programs.items():
        seconds, status, peak = measure([word.replace("{}", path) for word in argv], times)
        speeds[name] = size / max(seconds, 1e-6)
        print(f"  {name:12} {seconds:8.3f} s {speeds[name]:8.1f} MB/s   peak {peak:5} MB   exit {status}")
    for other in [name for name in programs if name != "batond"]:
        print(f"  batond : {other} = {speeds['batond'] / speeds[other]:.2f}")
    sys.stdout.flush()
    return speeds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batond", default=os.path.join(ROOT, "build", "release", "batond"))
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="nothing larger than 10 MB")
    options = parser.parse_args()
    batond = {"batond": [options.batond, "-t", "-f", "{}"]}
    words = {"wc -w": ["wc", "-w", "{}"]}
    peer = {"keepalived": ["keepalived", "-t", "-f", "{}"]} if shutil.which("keepalived") else {}
    resource.setrlimit(resource.RLIMIT_CPU, (600, 600))
    with tempfile.TemporaryDirectory(prefix="baton-bench.") as folder:
        path = os.path.join(folder, "speed.conf")
        services(path, 10_000)
        compare("10,000 virtual servers with 4 real servers each", path, {**batond, **peer, **words}, options.times)
        each = os.path.getsize(path) / 10_000
        line = {}
        for megabytes in (1, 3, 10) if options.quick else (1, 3, 10, 30, 100):
            services(path, round(megabytes * 1e6 / each))
            line[megabytes] = compare(f"virtual servers, {megabytes} MB", path, batond, options.times)["batond"]
        print("  linear: MB/s at the largest : at the smallest = "
              f"{line[max(line)] / line[min(line)]:.2f} (1 is linear, start-up makes it larger)")
        addresses(path, 10_000_000)
        compare("addresses in one instance", path, {**batond, **words}, options.times)


if __name__ == "__main__":
    main()
