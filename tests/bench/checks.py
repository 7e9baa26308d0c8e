#!/usr/bin/env python3
"""What health checks cost and how soon they tell, side by side in one run: Baton, keepalived and a bare prober.

    tests/bench/checks.py [--batond build/release/batond] [--kind tcp http tls12 tls13] [--n 1000] [--period 1] [--seconds 10]
                          [--kills 5] [--out FILE]

Needs root, keepalived, g++ and the headers of OpenSSL.  Each daemon runs in a network and mount namespace of this script's, on a
kernel that need not have ip_vs: ipvs_answers.c stands in for it, and its log is the table's history.  N real servers at
127.1.0.1... are answered by one process.  Figures are printed, never asserted:

  rate, wanted   checks per second that the servers saw, and N / period
  cpu            milliseconds of CPU per check: all processes of the daemon, kernel and user
  ratio          to that of the bare prober, measured right before in the same namespace
  resumed        part of the TLS handshakes that were short
  rss            KiB per check: what N checks need more than one
  down, up       milliseconds from a server's end to the table without it, and back (a refused connection; its phase is 0 to
                 period, `retry 0` and `retry 1` with delay_before_retry 0.05)
"""
import argparse
import json
import os
import pathlib
import random
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
VICTIM = '127.200.0.1'
PORT = {'tcp': 8080, 'http': 8081, 'tls12': 8443, 'tls13': 8444}
CHECK = {'tcp': 'TCP_CHECK', 'http': 'HTTP_GET', 'tls12': 'SSL_GET', 'tls13': 'SSL_GET'}


def build(work):
    flags = ['-O2', '-Wall']
    subprocess.run(['gcc', *flags, '-shared', '-fPIC', '-o', work / 'ipvs_answers.so', HERE / 'ipvs_answers.c', '-ldl'], check=True)
    for name in ('responder', 'bare_prober'):
        subprocess.run(['g++', '-std=c++20', *flags, '-o', work / name, HERE / f'{name}.cpp', '-lssl', '-lcrypto'], check=True)


def configuration(kind, count, period, victim_retry=None):
    check = CHECK[kind] + ' {\n  connect_timeout 3\n  warmup %g\n' % period
    page = '  url {\n   path /\n  }\n' if kind != 'tcp' else ''
    lines = ['global_defs {\n router_id bench\n}\n']
    servers = [f'127.{1 + (i >> 16)}.{(i >> 8) & 255}.{i & 255}' for i in range(1, count + 1)]
    for start in range(0, count, 100):
        lines.append(f'virtual_server 10.0.{start // 25600}.{start // 100 % 256} 80 {{\n delay_loop {period:g}\n lb_algo rr\n'
                     ' lb_kind NAT\n protocol TCP\n')
        for server in servers[start:start + 100]:
            lines.append(f' real_server {server} {PORT[kind]} {{\n  {check}{page}  }}\n }}\n')
        lines.append('}\n')
    if victim_retry is not None:
        lines.append(f'virtual_server 10.9.0.1 80 {{\n delay_loop {period:g}\n lb_algo rr\n lb_kind NAT\n protocol TCP\n real_server '
                     f'{VICTIM} 9090 {{\n  TCP_CHECK {{\n  connect_timeout 3\n  warmup 0\n  retry {victim_retry}\n'
                     '  delay_before_retry 0.05\n  }\n }\n}\n')
    return ''.join(lines)


class Responder:
    def __init__(self, work, mode, port, address=None):
        self.counters = work / f'counters.{port}.{address or "all"}'
        arguments = [work / 'responder', mode, str(port), self.counters] + ([address] if address else [])
        self.process = subprocess.Popen(arguments)
        for _ in range(2000):
            with socket.socket() as probe:
                if probe.connect_ex((address or '127.0.0.1', port)) == 0:
                    return
            time.sleep(0.01)
        raise RuntimeError(f'the responder on port {port} does not come up')

    def counts(self):
        return struct.unpack('QQ', self.counters.read_bytes()[:16])

    def stop(self):
        self.process.kill()
        self.process.wait()


class Daemon:
    """batond or keepalived with a configuration, and all its processes."""

    def __init__(self, work, name, program, text):
        self.name = name
        self.log = work / f'{name}.ipvs'
        self.log.unlink(missing_ok=True)
        conf = work / f'{name}.conf'
        conf.write_text(text, encoding='utf-8')
        environment = dict(os.environ, IPVS_LOG=str(self.log))
        pids = ['-p', work / f'{name}.pid', '-r', work / f'{name}.vrrp.pid', '-c', work / f'{name}.checkers.pid']
        with open(work / f'{name}.log', 'wb') as log:
            self.process = subprocess.Popen([program, '-n', '-l', '-G', '-C', '-f', conf, *pids], env=environment, stdout=log,
                                            stderr=log)

    def tree(self):
        pids, found = [self.process.pid], []
        while pids:
            pid = pids.pop()
            found.append(pid)
            for task in pathlib.Path(f'/proc/{pid}/task').glob('*/children'):
                pids += [int(child) for child in task.read_text().split()]
        return found

    def cpu(self):
        """Nanoseconds that all processes have run, kernel and user."""
        total = 0
        for pid in self.tree():
            for schedstat in pathlib.Path(f'/proc/{pid}/task').glob('*/schedstat'):
                total += int(schedstat.read_text().split()[0])
        return total

    def memory(self):
        """KiB, shared pages counted once (PSS)."""
        total = 0
        for pid in self.tree():
            for line in pathlib.Path(f'/proc/{pid}/smaps_rollup').read_text().splitlines():
                if line.startswith('Pss:'):
                    total += int(line.split()[1])
        return total

    def changes(self):
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [(float(at), command, address, int(weight)) for at, command, address, _, weight in map(str.split, lines)]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def bare(work, kind, count, period, seconds):
    mode = 'tls' if kind.startswith('tls') else kind
    done = subprocess.run([work / 'bare_prober', mode, str(PORT[kind]), str(count), str(int(period * 1000)), str(seconds)],
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def settle(responder, count, limit):
    """Until every server has been asked at least twice."""
    base, end = responder.counts()[0], time.monotonic() + limit
    while responder.counts()[0] - base < 2 * count and time.monotonic() < end:
        time.sleep(0.1)


def measure(work, name, program, kind, options, responder, floor):
    small = Daemon(work, name, program, configuration(kind, 1, options.period))
    time.sleep(2)
    least = small.memory()
    small.stop()
    daemon = Daemon(work, name, program, configuration(kind, options.n, options.period))
    settle(responder, options.n, 3 * options.period + 20)
    time.sleep(1)
    cpu, (checks, short), start = daemon.cpu(), responder.counts(), time.monotonic()
    time.sleep(options.seconds)
    cpu, (checks, short), took = daemon.cpu() - cpu, [b - a for a, b in zip((checks, short), responder.counts())], time.monotonic() - start
    memory = daemon.memory()
    removed = sum(command == 'del' or weight == 0 for _, command, _, weight in daemon.changes())
    daemon.stop()
    cost = cpu / 1e6 / max(checks, 1)
    return {'who': name, 'kind': kind, 'n': options.n, 'rate': round(checks / took, 1), 'wanted': options.n / options.period,
            'cpu_ms': round(cost, 4), 'floor_ms': round(floor, 4), 'ratio': round(cost / floor, 2),
            'resumed': round(short / max(checks, 1), 4),
            'rss_kib_per_check': round((memory - least) / options.n, 2), 'pss_kib': memory, 'false_removals': removed}


def await_change(daemon, wanted, after, limit):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        for at, command, address, weight in daemon.changes():
            if address == VICTIM and at > after and (command == 'del' or weight == 0) == (wanted == 'down'):
                return at - after
        time.sleep(0.005)
    return None


def detection(work, name, program, options, retry):
    victim = Responder(work, 'tcp', 9090, VICTIM)
    daemon = Daemon(work, name, program, configuration('tcp', 1, options.period, retry))
    time.sleep(2 + 2 * options.period)
    down, up = [], []
    for _ in range(options.kills):
        time.sleep(2 * options.period + random.random() * options.period)
        at = time.monotonic()
        victim.stop()
        down.append(await_change(daemon, 'down', at, 10 + options.period))
        time.sleep(random.random() * options.period)
        at = time.monotonic()
        victim = Responder(work, 'tcp', 9090, VICTIM)
        up.append(await_change(daemon, 'up', at, 10 + options.period))
    daemon.stop()
    victim.stop()
    told = {}
    for what, times in (('down', down), ('up', up)):
        known = [1000 * t for t in times if t is not None]
        told[what] = {'missed': len(times) - len(known)}
        if known:
            told[what] |= {'median_ms': round(statistics.median(known)), 'max_ms': round(max(known))}
    return {'who': name, 'detection': f'retry {retry}', 'phase_median_ms': round(500 * options.period), **told}


def inside(options):
    """In the namespaces."""
    subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)
    pathlib.Path('/proc/sys/net/ipv4/ip_local_port_range').write_text('1024 65535')
    work = pathlib.Path(options.work)
    # In this namespace's own /etc, for batond's roles get no LD_PRELOAD.
    pathlib.Path('/etc/ld.so.preload').write_text(f"{work / 'ipvs_answers.so'}\n", encoding='utf-8')
    programs = {'baton': options.batond, 'keepalived': options.keepalived}
    for kind in options.kind:
        responder = Responder(work, kind, PORT[kind])
        for name, program in programs.items():
            floor = bare(work, kind, options.n, options.period, options.seconds)
            cost = 1000 * floor['cpu'] / max(floor['checks'], 1)
            yield measure(work, name, program, kind, options, responder, cost)
        responder.stop()
    for retry in (0, 1) if options.kills else ():
        for name, program in programs.items():
            yield detection(work, name, program, options, retry)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--batond', default=ROOT / 'build/release/batond')
    parser.add_argument('--keepalived', default='/usr/sbin/keepalived')
    parser.add_argument('--kind', nargs='+', choices=list(PORT), default=list(PORT))
    parser.add_argument('--n', type=int, default=1000)
    parser.add_argument('--period', type=float, default=1)
    parser.add_argument('--seconds', type=int, default=10)
    parser.add_argument('--kills', type=int, default=5)
    parser.add_argument('--out')
    parser.add_argument('--work', help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work is None:
        with tempfile.TemporaryDirectory(prefix='baton-checks.') as work:
            build(pathlib.Path(work))
            again = [sys.executable, __file__, *sys.argv[1:], '--work', work]
            own = ('mount -t tmpfs tmpfs /run && mkdir /run/upper /run/work && '
                   'mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/upper,workdir=/run/work /etc && exec "$@"')
            spaces = ['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
            return subprocess.run([*spaces, 'sh', '-c', own, 'sh', *again], check=False).returncode
    for found in inside(options):
        print(json.dumps(found), flush=True)
        if options.out:
            with open(options.out, 'a', encoding='utf-8') as out:
                out.write(json.dumps(found) + '\n')
    return 0


if __name__ == '__main__':
    sys.exit(main())
