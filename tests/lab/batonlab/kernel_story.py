"""Stories that a script tells line by line from inside user-mode Linux: "words: value"."""
import os
import shutil

import pytest

from . import uml
from .director import BATOND, ROOT, available


def told(script, folder, limit, programs=()):
    """{words: value} of tests/lab/SCRIPT, which is given the path of batond; `programs` is {program: why it is needed}."""
    if not available("baton"):
        pytest.fail(f"there is no {BATOND}: build it (script/test does)")
    if uml.missing():
        pytest.skip(uml.missing())
    for program, why in dict(programs).items():
        if not shutil.which(program):
            pytest.skip(why)
    with open(folder / "output", "w", encoding="utf-8") as output:
        uml.run([os.path.join(ROOT, "tests/lab", script), os.path.abspath(BATOND)], str(folder), ROOT, limit, output=output)
    text = (folder / "output").read_text(encoding="utf-8", errors="replace").replace("\r", "")
    print(text)
    if (folder / "log").exists():
        print((folder / "log").read_text(encoding="utf-8", errors="replace"))
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
