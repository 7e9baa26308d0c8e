"""What every lint shares: which files there are, C++ text without comments and literals, and how faults are told."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CPP = ('.cpp', '.hpp')
_LITERAL = re.compile(
    r'//[^\n]*|/\*.*?\*/'                              # comments
    r'|R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"'   # raw strings
    r'|"(?:\\.|[^"\\\n])*"'                            # strings
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",           # characters, not the digit separators of 1'000
    re.S)


def tracked(*suffixes, under='', root=ROOT):
    """The repository's files, as paths relative to `root`: git's list, or a walk where there is no git (a tarball)."""
    # -c core.quotepath=off: names as they are; safe.directory: a checkout that belongs to someone else is still read.
    git = ['git', '-c', 'core.quotepath=off', '-c', f'safe.directory={root}', '-C', str(root), 'ls-files', '-z']
    try:
        names = subprocess.run(git, capture_output=True, check=True, text=True).stdout.split('\0')
        paths = [pathlib.Path(name) for name in names if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path.relative_to(root) for path in root.rglob('*') if path.is_file()]
        paths = [path for path in paths if path.parts[0] not in ('build', '.git', '.cache') and '__pycache__' not in path.parts]
    return sorted(path for path in paths
                  if str(path).startswith(under) and (not suffixes or path.suffix in suffixes) and (root / path).is_file())


def blank(text, keep_comments=False):
    """`text` with comments and the insides of literals turned into spaces; offsets and lines stay the same."""
    def spaces(match):
        found = match.group()
        if found.startswith('/'):
            return found if keep_comments else re.sub(r'[^\n]', ' ', found)
        quote = found[-1]
        return quote + re.sub(r'[^\n]', ' ', found[1:-1]) + quote
    return _LITERAL.sub(spaces, text)


def line_of(text, offset):
    return text.count('\n', 0, offset) + 1


def closing(text, start):
    """The offset of the bracket that closes the one at `start`, or the end of the text."""
    depth = 0
    for offset in range(start, len(text)):
        if text[offset] in '([{':
            depth += 1
        elif text[offset] in ')]}':
            depth -= 1
            if depth == 0:
                return offset
    return len(text)


def is_block(code, brace):
    """Does `{` at `brace` open a block or the body of a lambda, as against an initialiser?"""
    before = code[:brace].rstrip()
    if not before or before[-1] in ';{}):]':
        return not (before and before[-1] in '{:' and code[brace - 1] in '{:')  # {{ and ::{ are initialisers
    if before[-1] in '(,=&|?+-*/':
        return False
    if re.search(r'\b(return|co_return|co_await)$', before):
        return False
    return code[brace - 1].isspace()


def report(faults, checked, what):
    """Prints `file:line: message` for each fault and one last line; returns the exit code.  Nothing checked is a fault."""
    faults = sorted(faults)
    for path, line, message in faults:
        print(f'{path}:{line}: {message}')
    if not checked:
        print(f'{what}: no file was found to check')
        return 1
    print(f'{what}: {checked} files, {len(faults)} faults')
    return 1 if faults else 0


def run(check, paths, what, root=ROOT):
    """Applies check(path, text) -> (line, message)... to each file and ends the process with the outcome."""
    paths = list(paths)
    faults = [(str(path), line, message) for path in paths
              for line, message in check(path, (root / path).read_text(encoding='utf-8'))]
    sys.exit(report(faults, len(paths), what))
