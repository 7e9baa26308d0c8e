#!/usr/bin/env python3
"""Fails when groff warns about a manual page, or when a page names an option that its program does not have."""
import re
import shutil
import subprocess
import sys

from source import ROOT, report

OPTION = re.compile(r'\\-\\-([a-z](?:[a-z_]|\\-)*)')
PROGRAMS = {'batond.8': 'src/daemon/options.cpp', 'batonctl.8': 'src/ctl/command_line.cpp'}


def option_faults(text, source):
    """Options of the page that stand in no literal of the source."""
    for number, line in enumerate(text.splitlines(), 1):
        for name in (match.replace('\\', '') for match in OPTION.findall(line)):
            if f'"{name}"' not in source and f'--{name}"' not in source and name not in ('help',):
                yield number, f'the program has no --{name}'


def warnings(path):
    done = subprocess.run(['groff', '-man', '-ww', '-z', str(path)], capture_output=True, text=True, check=False)
    for line in done.stderr.splitlines():
        match = re.search(r':(\d+): (.*)', line)
        yield (int(match[1]), match[2]) if match else (1, line)


def main():
    if not shutil.which('groff'):
        print('groff is not installed: manual pages are not checked')
        return 77
    pages = sorted((ROOT / 'etc/man').glob('*.[0-9]'))
    faults = []
    for page in pages:
        name = str(page.relative_to(ROOT))
        faults += [(name, number, message) for number, message in warnings(page)]
        if page.name in PROGRAMS:
            source = (ROOT / PROGRAMS[page.name]).read_text(encoding='utf-8')
            faults += [(name, number, message) for number, message in option_faults(page.read_text(encoding='utf-8'), source)]
    return report(faults, len(pages), 'manual pages')


if __name__ == '__main__':
    sys.exit(main())
