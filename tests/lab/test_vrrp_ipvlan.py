"""What concerns ipvlans, in user-mode Linux: the kernel of the machine may have none.

BATOND  the batond to test (default: build/release/batond)
"""
import os
import re
import sys

import pytest

from batonlab import uml
from conftest import need

HERE = os.path.dirname(os.path.abspath(__file__))
#: Seconds; sixty are usual.  The differential cases of ipvlans take user-mode Linux too long for every run; by hand:
#: -k "ipvlan" test_vrrp_differential.py where the kernel has ipvlan.
LIMIT = 300
ARGUMENTS = ("-p", "no:cacheprovider", "-q", "-rs", "-k", "ipvlan", "test_vrrp_kernel_state.py")


def test_ipvlans_in_user_mode_linux(tmp_path):
    need(("baton",))
    if uml.missing():
        pytest.skip(f"IPVLANS WERE NOT TESTED: {uml.missing()}")
    environment = {key: os.environ[key] for key in ("BATOND",) if key in os.environ}
    with open(tmp_path / "output", "w", encoding="utf-8") as output:
        code = uml.run([sys.executable, "-B", "-m", "pytest", *ARGUMENTS], str(tmp_path), HERE, LIMIT, environment=environment,
                       output=output)
    text = (tmp_path / "output").read_text(encoding="utf-8", errors="replace")
    print(text)
    passed = re.search(r"(\d+) passed", text)
    assert code == 0 and passed and int(passed[1]) == 4, text[-5000:]
