#!/usr/bin/env python3
"""Runs ipvs_kernel_test where there is IPVS: on this kernel, or else in user-mode Linux.

    run.py PROGRAM      exit 0: passed; 77: nothing here has IPVS (the reason is printed); else failed
"""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path.insert(0, os.path.join(ROOT, "tests", "lab"))
sys.dont_write_bytecode = True

from batonlab import ipvs, uml  # noqa: E402  pylint: disable=wrong-import-position

LIMIT = 300  # seconds; 10 are normal
SKIPPED = 77


def run(program):
    """(exit code, what it printed); the code is None when it did not come to its end."""
    command = [os.path.abspath(program), "--no-colors"]
    if os.geteuid() == 0 and ipvs.in_kernel():
        try:
            done = subprocess.run(command, timeout=LIMIT, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)
            return done.returncode, done.stdout
        except subprocess.TimeoutExpired as late:
            return None, str(late)
    if uml.missing():
        return SKIPPED, "this kernel has no IPVS, and " + uml.missing()
    with tempfile.TemporaryDirectory(prefix="batonlab-ipvs.") as folder:
        path = os.path.join(folder, "output")
        with open(path, "w", encoding="utf-8") as output:
            # That kernel is nobody else's: there the module may be unloaded as well.
            code = uml.run(command, folder, ROOT, LIMIT, environment={"BATON_THROWAWAY_KERNEL": "1"}, output=output)
        with open(path, encoding="utf-8", errors="replace") as output:
            return code, output.read()


if __name__ == "__main__":
    exit_code, text = run(sys.argv[1])
    print(text)
    sys.exit(1 if exit_code is None else exit_code)
