"""The IPVS client with a kernel's own IPVS: every scheduler, method and option, and a table of a thousand services."""
import os
import re

import pytest

from ipvs_client import run

PROGRAM = os.environ.get("IPVS_KERNEL_TEST", os.path.join(run.ROOT, "build", "release", "ipvs_kernel_test"))


def test_client_and_kernel_agree():
    if not os.path.exists(PROGRAM):
        pytest.fail(f"there is no {PROGRAM}: build it (script/test does)")
    code, output = run.run(PROGRAM)
    if code == run.SKIPPED:
        pytest.skip(output)
    print(output)
    assert code == 0, output[-5000:]
    passed = re.search(r"test cases:\s*(\d+) \|\s*(\d+) passed", output)
    assert passed and int(passed[1]) == int(passed[2]) > 10, output[-5000:]
