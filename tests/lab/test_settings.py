"""Settings of processes, scripts and links, seen from outside: what the kernel says of batond's processes, what its scripts write
down, when an instance is in FAULT."""
import os
import re
import signal
import stat
import subprocess
import time

import pytest

from batonlab.differential_text import block
from batonlab.director import Director, process_tree, wait_until
from batonlab.netns import Netns

#: Seconds for what takes milliseconds on a machine that is not busy.
SOON = 15
NOTE = """#!/bin/sh
trap 'echo "$(date +%s.%N) $1 TERM" >> DIR/notes; exit 9' TERM
echo "$(date +%s.%N) $1 begins $(umask)" >> DIR/notes
i=0
while [ $i -lt $2 ]; do sleep 0.1; i=$((i+1)); done
echo "$(date +%s.%N) $1 ends" >> DIR/notes
exit $3
"""
SCRIPTS = ('startup_script "DIR/note startup 5 0"', 'shutdown_script "DIR/note shutdown 5 3"')
VRRP = ("vrrp_priority -5", "vrrp_rt_priority 10", "vrrp_no_swap", "vrrp_cpu_affinity 0", "vrrp_rlimit_rttime 200000")
SERVICE = block("virtual_server 10.3.0.200 80", "protocol TCP", block("real_server 10.3.0.201 80", "TCP_CHECK {\n}"))


def instance(*lines, name="A", vrid=51, interface="e0", vip="10.3.0.100", advert="0.3"):
    return block(f"vrrp_instance {name}", "version 3", f"interface {interface}", f"virtual_router_id {vrid}", f"advert_int {advert}",
                 block("virtual_ipaddress", vip), *lines)


class Place:
    """One batond in a namespace with two cables, e0 to p0 and e1 to p1."""

    def __init__(self, folder):
        self.folder = folder
        self.space = Netns(f"set{os.getpid() % 100000}")
        for number in (0, 1):
            self.space.ip(f"link add e{number} type veth peer name p{number}", f"link set e{number} up", f"link set p{number} up",
                          f"addr add 10.3.{number}.1/24 dev e{number}")
        (folder / "note").write_text(NOTE.replace("DIR", str(folder)))
        (folder / "note").chmod(0o755)
        self.director = Director("a", self.space, "baton", str(folder))

    def write(self, *parts, settings=()):
        text = "\n".join([block("global_defs", "script_user root", *settings), *parts, ""])
        self.director.write(text.replace("DIR", str(self.folder)))

    def start(self, *parts, settings=()):
        self.write(*parts, settings=settings)
        self.director.start()

    def reload(self, *parts, settings=()):
        before = self.log().count(" is in force")
        self.write(*parts, settings=settings)
        self.director.signal(signal.SIGHUP)
        self.wait(lambda: self.log().count(" is in force") > before)

    def notes(self):
        """What the scripts wrote: (time, words)."""
        path = self.folder / "notes"
        lines = path.read_text().splitlines() if path.exists() else []
        return [(float(line.split()[0]), line.split(" ", 1)[1]) for line in lines]

    def log(self):
        return self.director.log()

    def wait(self, condition, seconds=SOON):
        assert wait_until(condition, seconds) is not None, self.log()

    def waits_for(self, *words):
        self.wait(lambda: all(word in self.log() for word in words))

    def role(self, name):
        """The process of a role."""
        for pid in process_tree(self.director.process.pid)[1:]:
            with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
                if file.read().startswith(f"batond: {name}"):
                    return Process(pid)
        return None

    def addresses(self, device="e0"):
        return self.space.run("ip", "addr", "show", "dev", device)

    def close(self):
        self.director.stop()
        self.space.close()


class Process:
    """What the kernel says of a process."""

    def __init__(self, pid):
        self.pid = pid

    def nice(self):
        return os.getpriority(os.PRIO_PROCESS, self.pid)

    def policy(self):
        return os.sched_getscheduler(self.pid) & ~os.SCHED_RESET_ON_FORK, os.sched_getparam(self.pid).sched_priority

    def processors(self):
        return os.sched_getaffinity(self.pid)

    def status(self, word):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as file:
            return re.search(rf"^{word}:\s*(.*)$", file.read(), re.MULTILINE).group(1)

    def limit(self, name):
        with open(f"/proc/{self.pid}/limits", encoding="ascii") as file:
            return re.search(rf"^{name}\s+(\S+)", file.read(), re.MULTILINE).group(1)

    def locked(self):
        return int(self.status("VmLck").split()[0])


def test_the_vrrp_role_is_scheduled_as_the_file_says_and_a_reload_changes_that(place):
    own = Process(os.getpid())
    place.start(instance(), settings=VRRP)
    place.waits_for("is in force")
    role = place.role("vrrp")
    assert (role.nice(), role.policy(), role.processors()) == (-5, (os.SCHED_RR, 10), {0})
    assert role.limit("Max realtime timeout") == "200000"
    assert role.locked() > 1000
    for other in (place.director.process.pid, place.role("ipvs")):
        if other is not None:  # what is not a role's own is as before
            assert Process(other).policy() == own.policy() and Process(other).locked() == 0
    place.reload(instance(), settings=("vrrp_priority 3", "vrrp_rt_priority 20"))
    assert (role.nice(), role.policy(), role.locked()) == (3, (os.SCHED_RR, 20), 0)
    assert role.processors() == own.processors()
    assert role.limit("Max realtime timeout") == "1000000"
    place.reload(instance())
    assert (role.nice(), role.policy()) == (own.nice(), own.policy())
    assert role.limit("Max realtime timeout") == "unlimited"
    assert place.role("vrrp").pid == role.pid


def test_the_role_that_is_started_again_is_scheduled_in_the_same_way(place):
    place.start(instance(), settings=VRRP)
    place.waits_for("is in force")
    first = place.role("vrrp").pid
    os.kill(first, signal.SIGKILL)
    place.wait(lambda: (role := place.role("vrrp")) is not None and role.pid != first and role.policy() == (os.SCHED_RR, 10))
    place.wait(lambda: place.role("vrrp").locked() > 1000 and place.role("vrrp").nice() == -5)


def test_a_role_that_works_on_and_on_under_real_time_is_ended_and_started_again(place):
    place.start(instance(), settings=("vrrp_rt_priority 1", "vrrp_rlimit_rttime 1000"))
    place.waits_for("(A) Entering MASTER STATE")
    first = place.role("vrrp").pid
    os.kill(first, signal.SIGSTOP)  # meanwhile there is more to read than can be read in that time
    place.space.ip(*(f"addr add 10.4.{number // 250}.{number % 250 + 1}/32 dev e1" for number in range(10000)))
    os.kill(first, signal.SIGCONT)
    place.waits_for("was killed by signal 24 (CPU time limit exceeded), it was started again at once")
    place.wait(lambda: place.role("vrrp") is not None and place.role("vrrp").pid != first)
    place.wait(lambda: "10.3.0.100" in place.addresses())


def test_scripts_inherit_nothing_of_a_role(place):
    (place.folder / "show").write_text(f"#!/bin/sh\nexec > {place.folder}/shown 2>&1\nchrt -p $$; nice; taskset -p $$\n"
                                       "grep VmLck /proc/$$/status\n")
    (place.folder / "show").chmod(0o755)
    place.start(instance('notify_backup "DIR/show"'), settings=VRRP)
    shown = place.folder / "shown"
    place.wait(lambda: shown.exists() and "VmLck" in shown.read_text())
    text = shown.read_text()
    assert "SCHED_OTHER" in text and "\n0\n" in text and re.search(r"VmLck:\s+0 kB", text), text
    mask = sum(1 << number for number in os.sched_getaffinity(0))
    assert f"mask: {mask:x}\n" in text, text


def test_checkers_and_ipvs_have_the_settings_of_the_checker(place):
    place.start(SERVICE, settings=("checker_priority 7", "checker_cpu_affinity 0", "checker_rt_priority 5", "checker_no_swap",
                                   "checker_rlimit_rttime 300000", "bfd_priority 3"))
    for name in ("checkers", "ipvs"):
        place.wait(lambda name=name: place.role(name) is not None)
        role = place.role(name)
        place.wait(lambda role=role: (role.nice(), role.policy(), role.processors()) == (7, (os.SCHED_RR, 5), {0}))
        place.wait(lambda role=role: role.locked() > 1000)
        assert role.limit("Max realtime timeout") == "300000"
    place.reload(SERVICE)
    for name in ("checkers", "ipvs"):
        place.wait(lambda name=name: place.role(name).policy() == (os.SCHED_OTHER, 0) and place.role(name).locked() == 0)
    assert "BFD has no process of its own" in place.log()


def test_the_startup_script_comes_before_all_and_the_shutdown_script_after_all(place):
    place.start(instance('notify "DIR/note notify 0 0"'), settings=SCRIPTS)
    place.waits_for("is in force")
    assert place.director.stop()[0] == 0
    words = [word for _, word in place.notes()]
    assert words[0] == "startup begins 0177" and words[1] == "startup ends"
    assert words[-2].startswith("shutdown begins") and words[-1] == "shutdown ends"
    assert any("notify" in word for word in words[2:-2])
    log = place.log()
    assert log.index("startup_script has ended") < log.index("role vrrp runs as process")
    assert "shutdown_script ended with status 3" in log and log.rstrip().endswith("stopped")
    assert "10.3.0.100" not in place.addresses()


def test_a_startup_script_that_takes_too_long_is_ended_and_the_daemon_begins(place):
    place.start(instance(), settings=('startup_script "DIR/note startup 200 0"', "startup_script_timeout 1"))
    place.waits_for("is in force")
    assert "startup_script took too long and was ended" in place.log()
    begun, ended = (when for when, _ in place.notes())
    assert 0.9 < ended - begun < 5
    assert place.notes()[1][1] == "startup TERM"


def test_a_stop_while_the_startup_script_runs(place):
    place.start(instance(), settings=('startup_script "DIR/note startup 100 0"', SCRIPTS[1]))
    place.wait(lambda: place.notes() != [])
    place.director.signal(signal.SIGHUP)
    place.waits_for("startup_script is still running: the reload follows")
    code, took = place.director.stop()
    assert code == 0 and took < 8
    assert [word.split()[:2] for _, word in place.notes()] == [
        ["startup", "begins"], ["startup", "TERM"], ["shutdown", "begins"], ["shutdown", "ends"]]
    assert "role vrrp" not in place.log()


def test_umask_of_the_file_counts_for_scripts_and_files_and_follows_a_reload(place):
    lines = ('notify_backup "DIR/note backup 0 0"',)
    place.start(instance(*lines), settings=("umask 027", "vrrp_notify_fifo DIR/fifo"))
    place.wait(lambda: place.notes() != [])
    assert place.notes()[0][1] == "backup begins 0027"
    assert stat.S_IMODE(os.stat(place.folder / "notes").st_mode) == 0o640
    place.reload(instance(*lines), instance(*lines, name="B", vrid=52, vip="10.3.0.101"), settings=("umask 077",))
    place.wait(lambda: any(word == "backup begins 0077" for _, word in place.notes()))


def test_an_instance_has_pid_files_and_a_name_in_the_log_of_its_own(place):
    place.director.options = "-p /run/baton/batond.pid -r /run/baton/vrrp.pid"  # the usual ones
    name = f"lab{os.getpid()}"
    place.write(instance())
    text = open(place.director.files["conf"], encoding="utf-8").read()
    place.director.write(f"instance {name}\n" + text)
    place.director.start()
    place.waits_for("is in force")
    with open(f"/run/baton/vrrp_{name}.pid", encoding="ascii") as file:
        assert int(file.read()) == place.role("vrrp").pid
    assert os.path.exists(f"/run/baton/batond_{name}.pid")
    place.director.write(f"instance other{name}\n" + text)
    place.director.signal(signal.SIGHUP)
    place.waits_for("instance cannot be changed by a reload")
    place.director.stop()
    assert not os.path.exists(f"/run/baton/vrrp_{name}.pid")


def test_track_src_ip_follows_the_address(place):
    place.space.ip("addr add 10.3.0.3/32 dev e0")
    place.start(instance("track_src_ip", "mcast_src_ip 10.3.0.3"))
    place.waits_for("(A) Entering MASTER STATE")
    place.space.ip("addr del 10.3.0.3/32 dev e0")
    place.waits_for("(A) Entering FAULT STATE: its source address 10.3.0.3 is not here")
    place.wait(lambda: "10.3.0.100" not in place.addresses())
    place.space.ip("addr add 10.3.0.3/32 dev e1")  # anywhere on this host
    place.wait(lambda: place.log().count("(A) Entering MASTER STATE") == 2)
    assert "10.3.0.3 is here" in place.log()


def test_without_track_src_ip_nothing_happens(place):
    place.space.ip("addr add 10.3.0.3/32 dev e0")
    place.start(instance("mcast_src_ip 10.3.0.3"))
    place.waits_for("(A) Entering MASTER STATE")
    place.space.ip("addr del 10.3.0.3/32 dev e0")
    time.sleep(1)
    assert "FAULT" not in place.log()


def test_an_interface_is_down_and_up_when_that_has_lasted(place):
    delays = block("interface_up_down_delays", "e0 1 1.5")
    place.start(delays, instance(advert="1"))
    place.waits_for("(A) Entering MASTER STATE")
    place.space.ip("link set p0 down")
    time.sleep(0.4)
    place.space.ip("link set p0 up")
    time.sleep(1.2)
    assert "FAULT" not in place.log()
    down = time.monotonic()
    place.space.ip("link set p0 down")
    place.waits_for("(A) Entering FAULT STATE: e0 is down")
    assert 0.9 < time.monotonic() - down < 3
    back = time.monotonic()
    place.space.ip("link set p0 up")
    place.waits_for("(A) Entering BACKUP STATE: e0 is up")
    assert 1.4 < time.monotonic() - back < 4


def test_a_delay_that_outlasts_the_backups_is_shortened(place):
    place.start(block("interface_up_down_delays", "e0 5 1"), instance(advert="1"))
    place.waits_for("interface_up_down_delays: e0 is down after 1.996 s already", "(A) Entering MASTER STATE")
    down = time.monotonic()
    place.space.ip("link set p0 down")
    place.waits_for("(A) Entering FAULT STATE")
    assert 1.9 < time.monotonic() - down < 4


def test_with_dynamic_interfaces_an_interface_may_come_later(place):
    place.start(instance(interface="later0"), settings=("dynamic_interfaces",))
    place.waits_for("there is no interface 'later0' yet", "later0 does not exist")
    place.space.ip("link add later0 type veth peer name later1", "link set later0 up", "link set later1 up",
                   "addr add 10.3.0.9/24 dev later0")
    place.waits_for("(A) Entering MASTER STATE")
    assert "10.3.0.100" in place.addresses("later0")


def test_an_address_with_a_peer_and_a_preferred_lifetime_is_renewed_put_back_and_taken_away(place):
    place.space.sysctl("net.ipv6.conf.e0.disable_ipv6", 0)
    place.start(instance(block("virtual_ipaddress_excluded", "10.3.0.101 peer 10.3.0.102", "fd00::1/64 preferred_lft 3",
                               "fd00::2/64 preferred_lft 1000", "fd00::7 peer fd00::8")))
    place.waits_for("(A) Entering MASTER STATE")
    place.wait(lambda: "inet 10.3.0.101 peer 10.3.0.102/32" in place.addresses())
    assert "inet6 fd00::7 peer fd00::8/128" in place.addresses()
    place.space.ip("addr del 10.3.0.101 peer 10.3.0.102 dev e0")
    place.waits_for("10.3.0.101 was removed by somebody else; it is back")
    place.wait(lambda: "inet 10.3.0.101 peer 10.3.0.102/32" in place.addresses())
    time.sleep(4)  # more than the lease, and than the shorter lifetime
    text = place.addresses()
    assert re.search(r"fd00::1/64 .*deprecated.*\n.*valid_lft [1-3]sec preferred_lft 0sec", text), text
    assert re.search(r"fd00::2/64 (?!.*deprecated)", text) and "inet 10.3.0.101 peer 10.3.0.102/32" in text, text
    place.director.stop()
    assert "peer" not in place.addresses() and "fd00" not in place.addresses()


def test_an_address_with_a_peer_that_a_killed_daemon_has_left_is_taken_away(place):
    place.start(instance("track_interface {\ne1\n}", vip="10.3.0.101 peer 10.3.0.102"),
                block("static_ipaddress", "10.3.7.1 peer 10.3.7.2 dev e0"))
    place.waits_for("(A) Entering MASTER STATE")
    place.director.kill_all()
    assert "10.3.7.1 peer 10.3.7.2" in place.addresses()
    place.start(instance())
    place.wait(lambda: "peer" not in place.addresses())


def test_names_of_tables_are_looked_up_where_the_file_says(place):
    (place.folder / "etc").mkdir()
    (place.folder / "usr").mkdir()
    (place.folder / "etc" / "rt_tables").write_text("300 lab\n")
    (place.folder / "usr" / "rt_tables").write_text("301 lab\n302 other\n")
    place.start(block("static_routes", "10.40.0.0/24 dev e0 table lab", "10.41.0.0/24 dev e0 table other"), instance(),
                settings=("iproute_etc_dir DIR/etc", "iproute_usr_dir DIR/usr"))
    place.waits_for("is in force")
    assert "10.40.0.0/24" in place.space.run("ip", "route", "show", "table", "300")
    assert "10.41.0.0/24" in place.space.run("ip", "route", "show", "table", "302")


def test_child_wait_time_is_how_long_a_role_may_take_to_stop(place):
    place.write(instance())
    text = open(place.director.files["conf"], encoding="utf-8").read()
    place.director.write("child_wait_time 2\n" + text)
    place.director.start()
    place.waits_for("(A) Entering MASTER STATE")
    stuck = place.role("vrrp").pid
    os.kill(stuck, signal.SIGSTOP)
    code, took = place.director.stop()
    assert code is not None and 1.9 < took < 4, took
    assert "it did not end in time" in place.log()
    assert "10.3.0.100" not in place.addresses()


def test_a_vrf_of_a_route_and_of_an_instance(place):
    made = subprocess.run(["ip", "netns", "exec", place.space.name, "ip", "link", "add", "red", "type", "vrf", "table", "77"],
                          check=False, capture_output=True)
    if made.returncode:
        pytest.skip("this kernel has no VRF")
    place.space.ip("link set red up", "link set e0 master red")
    place.start(block("vrrp_instance A", "version 3", "vrf red", "virtual_router_id 51", "advert_int 0.3", "unicast_src_ip 10.3.0.1",
                      block("unicast_peer", "10.3.0.2"), block("virtual_ipaddress", "10.3.0.100 dev e0"),
                      block("virtual_routes", "10.20.0.0/24 via 10.3.0.2 dev e0 vrf red")))
    place.waits_for("(A) Entering MASTER STATE")
    place.wait(lambda: "10.20.0.0/24" in place.space.run("ip", "route", "show", "table", "77"))
