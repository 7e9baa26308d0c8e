"""Short ways to write the configurations of differential cases."""

HEAD = """\
global_defs {
    router_id lab
    script_user root
    lvs_notify_fifo DIR/fifo
}
"""
VIP = "10.9.0.1 80"
#: Short, so that a case is soon over, and without chance.
TIMING = ("delay_loop 0.5", "warmup 0", "retry 1", "delay_before_retry 0.2", "connect_timeout 4")


def block(word, *lines):
    body = "\n".join(lines).replace("\n", "\n    ")
    return f"{word} {{\n    {body}\n}}"


def service(*lines, key=VIP, algo="rr", kind="NAT", protocol="TCP", timing=TIMING):
    """A virtual server; algo, kind and protocol may be None."""
    words = {"lb_algo": algo, "lb_kind": kind, "protocol": protocol}
    return block(f"virtual_server {key}", *(f"{word} {value}" for word, value in words.items() if value), *timing, *lines)


def real(number, *lines, port=80):
    """A real server, 10.1.0.NUMBER."""
    return block(f"real_server 10.1.0.{number}" + (f" {port}" if port else ""), "weight 1" if not lines else "", *lines)


def real6(number, *lines, port=80):
    return block(f"real_server fd01::{number} {port}", *lines)


def text(*blocks, head=HEAD):
    return head + "\n".join(blocks) + "\n"


def told(number):
    """notify_up and notify_down of a real server."""
    return f'notify_up "DIR/note up {number}"\nnotify_down "DIR/note down {number}"'


QUORUM_TOLD = 'quorum_up "DIR/note quorum up"\nquorum_down "DIR/note quorum down"'
TCP = block("TCP_CHECK", "connect_timeout 4")
