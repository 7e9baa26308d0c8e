#!/usr/bin/env python3
"""Runs clang-tidy 19 (3 s for a pure file, 9 s for one with coroutines) and fails on any finding.

    lint_tidy.py [--build DIR] [--since REVISION]   the files changed since REVISION and in the working tree
    lint_tidy.py [--build DIR] --all                every file of src/ and tests/
    lint_tidy.py [--build DIR] FILE...              these

A file that was clean and has not changed since, nor a header of ours that it includes, nor .clang-tidy, is not read again.
Precompiled headers are left out, so a file that forgets an include is found too.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

from source import ROOT, report, tracked

PROGRAM = 'clang-tidy-19'
SKIPPED = 77
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.M)
UNITY = re.compile(r'/Unity/unity_\d+_cxx\.cxx$')
FINDING = re.compile(r'^(?P<path>/[^:\n]+):(?P<line>\d+):\d+: (?:error|warning): (?P<message>.*)$', re.M)


def for_clang(command):
    """g++'s compile command without what clang does not know or must not see: warnings, dependency files, the PCH."""
    words, kept, skip = shlex.split(command), [], False
    while words and not words[0].endswith(('g++', 'clang++', 'c++', 'clang++-19')):
        words.pop(0)  # ccache and its environment
    for word in words:
        if skip:
            skip = False
        elif word in ('-include', '-MF', '-MT', '-MQ', '-o', '-Xclang'):
            skip = True
        elif not word.startswith(('-W', '-M', '-fsanitize', '-fno-sanitize', '-fcf-protection', '-fstack', '-ftrivial', '-D_FORTIFY')):
            kept.append(word)
    return kept


def sources(file):
    """The sources that stand in the one that CMake has made of several (BATON_UNITY); of any other file itself."""
    if not UNITY.search(file):
        return [file]
    return INCLUDE.findall(pathlib.Path(file).read_text(encoding='utf-8'))


def database(build):
    """The build's compile commands for clang, written beside its stamps; path -> command."""
    entries = json.loads((build / 'compile_commands.json').read_text(encoding='utf-8'))
    entries = [{'directory': entry['directory'], 'file': source,
                'arguments': [source if word == entry['file'] else word for word in for_clang(entry['command'])]}
               for entry in entries if not entry['file'].endswith(('.hxx', '.hxx.cxx')) for source in sources(entry['file'])]
    folder = build / 'tidy'
    folder.mkdir(exist_ok=True)
    (folder / 'compile_commands.json').write_text(json.dumps(entries), encoding='utf-8')
    return {os.path.realpath(entry['file']): entry['arguments'] for entry in entries}


def includes(path, seen, root=ROOT):
    """`path` and every header of ours that it includes, directly or not."""
    if path in seen or not path.is_file():
        return seen
    seen.add(path)
    for name in INCLUDE.findall(path.read_text(encoding='utf-8')):
        for folder in (root / 'src', root / 'tests', path.parent):
            includes(folder / name, seen, root)
    return seen


def fingerprint(path, arguments, root=ROOT):
    files = sorted(includes(path, set(), root))
    files += [root / '.clang-tidy', *sorted(root.glob('src/**/.clang-tidy')), *root.glob('tests/.clang-tidy')]
    digest = hashlib.sha256(' '.join([PROGRAM, *arguments]).encode())
    for file in files:
        digest.update(str(file).encode() + file.read_bytes())
    return digest.hexdigest()


def tidy(path, arguments, folder, root=ROOT):
    """[(path, line, message)]: what clang-tidy finds in `path` and the headers it includes."""
    stamp = folder / (path.relative_to(root).as_posix().replace('/', '.') + '.clean')
    mark = fingerprint(path, arguments, root)
    if stamp.is_file() and stamp.read_text() == mark:
        return []
    command = [PROGRAM, '--quiet', '-p', str(folder), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
    found = {(os.path.relpath(m['path'], root), int(m['line']), m['message']) for m in FINDING.finditer(done.stdout)}
    if not found and (done.returncode or 'Compile command not found' in done.stdout + done.stderr):
        found = {(str(path.relative_to(root)), 1, f'{PROGRAM} ended with {done.returncode}: {(done.stdout + done.stderr).strip()[-500:]}')}
    if not found:
        stamp.write_text(mark)
    print('.' if not found else '!', end='', flush=True)
    return sorted(found)


def git(*words):
    done = subprocess.run(['git', '-c', f'safe.directory={ROOT}', '-C', str(ROOT), *words], capture_output=True, text=True, check=False)
    return done.stdout.split() if done.returncode == 0 else []


def changed(since):
    since = since or ('@{upstream}' if git('rev-parse', '@{upstream}') else 'HEAD~1')
    names = {*git('diff', '--name-only', '--merge-base', since), *git('ls-files', '--others', '--exclude-standard')}
    return {ROOT / name for name in names if name.endswith(('.cpp', '.hpp'))}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', default='build/dev', help='a configured build directory (default: build/dev)')
    parser.add_argument('--since', help='the revision to compare with (default: the upstream branch, else the last commit)')
    parser.add_argument('--all', action='store_true')
    parser.add_argument('files', nargs='*', type=lambda name: pathlib.Path(name).resolve())
    asked = parser.parse_args()
    if not shutil.which(PROGRAM):
        print(f'SKIPPED: {PROGRAM} is missing (script/bootstrap installs it), so nothing was checked')
        return SKIPPED
    build = (ROOT / asked.build).resolve()
    commands = database(build)
    units = {pathlib.Path(path) for path in commands if (ROOT / 'src') in pathlib.Path(path).parents or (ROOT / 'tests') in pathlib.Path(path).parents}
    units &= {ROOT / path for path in tracked('.cpp')} | set(asked.files)
    wanted = set(asked.files) or (set() if asked.all else changed(asked.since))
    if not asked.all:  # a header is seen through the files that include it
        units = {unit for unit in units if includes(unit, set()) & wanted}
        if not units and not asked.files:
            print('tidy: no C++ file has changed')
            return 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda unit: tidy(unit, commands[str(unit)], build / 'tidy'), sorted(units))
        faults = {fault for result in results for fault in result}
    print()
    return report(faults, len(units), 'tidy')


if __name__ == '__main__':
    sys.exit(main())
