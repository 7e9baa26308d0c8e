#!/usr/bin/env python3
"""Fails when a document names what is not there: a file, a script's option, a keyword; or forgets what is: a folder of src/, a
dependency.  Also holds the README to one screen."""
import re
import sys

from source import ROOT, report, tracked

README_LINES = 75  # one screen of a browser
LINK = re.compile(r'\[[^\]\n]*\]\((?!https?:|mailto:|#)([^)#\s]+)')
PATH = re.compile(r'(?<![\w/.~*-])((?:src|script|tests|etc|docs|cmake|\.ci)/[\w./*-]*[\w/*])')
OPTION = re.compile(r'\b(script/[a-z]+)((?: +--?[a-z][\w-]*(?:[ =][a-z|]+)?)+)')
FENCE = re.compile(r'^```conf\n(.*?)^```', re.M | re.S)
DEPENDENCY = re.compile(r'^\s*(?:find_package\((\w+)|pkg_check_modules\(\w+ .*IMPORTED_TARGET (.*)\)|find_path\(\w+ (\w+)/)', re.M)
LIST = re.compile(  # `track_file {` is a list, `track_file NAME {` is not
    r'^\s*(virtual_ipaddress|virtual_ipaddress_excluded|notification_email|group|interfaces|unicast_peer|'
    r'track_(?:interface|script|file|process|bfd|gateway))\s*{')
WORD = re.compile(r'^\s*(?:\}\s*)?([A-Za-z_]\w*)')


def exists(root, name):
    return any(root.glob(name)) if '*' in name else (root / name).exists()


def document_faults(root, name, text):
    for number, line in enumerate(text.splitlines(), 1):
        for target in LINK.findall(line):
            if not exists((root / name).parent, target):
                yield number, f'a link to {target}, which is not there'
        for target in PATH.findall(line):
            if not exists(root, target):
                yield number, f'{target} is not there'
        for script, options in OPTION.findall(line):
            source = (root / script).read_text(encoding='utf-8') if (root / script).is_file() else ''
            for option in re.findall(r'(?<![\w-])--?[a-z][\w-]*', options):
                if not re.search(rf'(?<![\w-]){option}(?![\w-])', source):
                    yield number, f'{script} knows no {option}'


def keyword_faults(text, table, first_line=1):
    """Words at the head of a line that stand in no row of the keyword table."""
    depth_of_list = 0  # inside virtual_ipaddress { } and the like stand values, no keywords
    for number, line in enumerate(text.splitlines(), first_line):
        line = re.sub(r'[!#].*', '', line)
        word = WORD.match(line)
        if word and not depth_of_list and f'"{word[1]}"' not in table:
            yield number, f'{word[1]} is no keyword of src/config'
        if LIST.match(line):
            depth_of_list = 1
        if '}' in line:
            depth_of_list = 0


def architecture_faults(root, text):
    for folder in sorted(path.name for path in (root / 'src').iterdir() if path.is_dir()):
        if f'src/{folder}' not in text and not re.search(rf'^\W*{folder}/', text, re.M):
            yield 1, f'src/{folder}/ is not described'
    for groups in DEPENDENCY.findall((root / 'cmake/Dependencies.cmake').read_text(encoding='utf-8')):
        for name in ' '.join(groups).split():
            if name not in ('Threads', 'PkgConfig') and name.lower() not in text.lower():
                yield 1, f'the dependency {name} has no line with its reason'


def check(root, paths):
    tables = sorted(root.glob('src/config/*.cpp')) if (root / 'src/config/keywords.cpp').is_file() else []
    table = ''.join(path.read_text(encoding='utf-8') for path in tables)
    for path in paths:
        name, text = str(path), (root / path).read_text(encoding='utf-8')
        if path.suffix == '.conf':
            faults = keyword_faults(text, table) if table else []
        else:
            faults = list(document_faults(root, name, text))
            for block in FENCE.finditer(text) if table else ():
                faults += keyword_faults(block[1], table, text.count('\n', 0, block.start()) + 2)
            if name == 'docs/architecture.md':
                faults += architecture_faults(root, text)
            if name == 'README.md' and text.count('\n') > README_LINES:
                faults.append((README_LINES, f'longer than one screen ({README_LINES} lines)'))
        yield from ((name, number, message) for number, message in faults)


def main():
    paths = [path for path in tracked('.md') if path.parts[0] in ('README.md', 'CHANGELOG.md', 'docs', 'etc', 'tests')]
    paths += tracked('.conf', under='etc/examples/')
    return report(check(ROOT, paths), len(paths), 'documents')


if __name__ == '__main__':
    sys.exit(main())
