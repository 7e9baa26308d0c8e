#!/usr/bin/env python3
"""Fails when clang-format 14 would change a C++ file.  `--fix` writes the files instead."""
import concurrent.futures
import os
import shutil
import subprocess
import sys

from source import CPP, ROOT, report, tracked

PROGRAM = 'clang-format-14'  # another version formats otherwise
SKIPPED = 77                 # what ctest shows as "Skipped"
BATCH = 20                   # files per process


def faults(paths, root=ROOT):
    """(path, line, message) of the first difference in each file that is not in the project's format."""
    paths = [str(path) for path in paths]
    batches = [paths[i:i + BATCH] for i in range(0, len(paths), BATCH)]

    def one(batch):
        command = [PROGRAM, '--style=file', '--dry-run', '-Werror', '--ferror-limit=1', *batch]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        found = [line.split(':', 3) for line in done.stderr.splitlines() if ': error: ' in line]
        if done.returncode and not found:
            found = [[batch[0], '1', '0', done.stderr.strip()]]
        return found
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        told = {}
        for path, line, _column, _text in (fault for batch in pool.map(one, batches) for fault in batch):
            told.setdefault(path, int(line))
    return [(path, line, f'not in format: {PROGRAM} -i {path}') for path, line in told.items()]


def main():
    if not shutil.which(PROGRAM):
        print(f'SKIPPED: {PROGRAM} is missing (script/bootstrap installs it), so no format was checked')
        return SKIPPED
    paths = tracked(*CPP)
    if sys.argv[1:] == ['--fix']:
        return subprocess.run([PROGRAM, '--style=file', '-i', *map(str, paths)], cwd=ROOT, check=False).returncode
    return report(faults(paths), len(paths), 'format')


if __name__ == '__main__':
    sys.exit(main())
