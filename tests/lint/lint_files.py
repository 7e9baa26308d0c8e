#!/usr/bin/env python3
"""Fails on files and functions that are too long, headers without their first line, words of unfinished or unsafe work."""
import ast
import re

from source import CPP, blank, closing, is_block, line_of, run, tracked

FILE_LINES = 500      # STYLE: median 120, hard limit 500
FUNCTION_LINES = 70   # from the brace that opens the body to the one that closes it
GENERATED = ('docs/configuration.md', 'docs/compatibility.md')  # from the keyword table: as long as that is
OWN = 'tests/lint/'   # the lints name the words that they forbid
TEXT = (*CPP, '.py', '.sh', '.txt', '.cmake', '.md', '.conf', '.service', '.yml', '')

UNFINISHED = re.compile(
    r'\b(TODO|FIXME|XXX|HACK)\b|\b(?i:stub(bed|s)?|for now|not implemented( yet)?|unimplemented|placeholder|work in progress)\b')
PRIVATE = re.compile(r'(?<![\w.])/(work|home/\w+)/[\w.-]+|\b(?i:issue|ticket)\s*#?\d+\b')
UNSAFE = {  # call: why not, and what instead.  Only src/ is looked at.
    'sprintf': 'no bound; fmt::format', 'vsprintf': 'no bound; fmt::format', 'strcpy': 'no bound; std::string',
    'strcat': 'no bound; std::string', 'gets': 'no bound', 'strtok': 'hidden state',
    'system': 'a shell; net runs argument vectors', 'popen': 'a shell; net runs argument vectors',
    'getaddrinfo': 'blocks the loop; addresses are literal', 'gethostbyname': 'blocks the loop; addresses are literal',
    'sleep': 'blocks the loop; a timer', 'usleep': 'blocks the loop; a timer', 'sleep_for': 'blocks the loop; a timer',
    'tmpnam': 'a name that another can take', 'mktemp': 'a name that another can take',
    'regex_match': 'std::regex overflows the stack on long input; PCRE2',
    'regex_search': 'std::regex overflows the stack on long input; PCRE2',
}
UNSAFE_CALL = re.compile(r'(?<![\w.>])(?:std::|::|std::this_thread::|boost::)?\b(' + '|'.join(UNSAFE) + r')\s*\(')
NOT_FUNCTION = re.compile(r'^\s*(inline\s+)?(namespace|class|struct|enum|union|extern)\b')


def functions(code):
    """(offset, lines) of each block that is not a namespace, a type or an initialiser.  A lambda counts in its function."""
    offset = 0
    while (offset := code.find('{', offset)) >= 0:
        head = code[max(code.rfind(c, 0, offset) for c in ';{}') + 1:offset]
        head = re.sub(r'template\s*<[^;{}()]*>|\[\[[^\]]*\]\]|^\s*#[^\n]*', ' ', head, flags=re.M)
        if is_block(code, offset) and not NOT_FUNCTION.match(head):
            end = closing(code, offset)
            yield offset, code.count('\n', offset, end) + 1
            offset = end
        offset += 1


def too_long(path, text):
    lines = text.count('\n')
    if lines > FILE_LINES and str(path) not in GENERATED:
        yield FILE_LINES, f'{lines} lines, at most {FILE_LINES}: split it'
    if path.suffix in CPP:
        code = blank(text)
        for offset, size in functions(code):
            if size > FUNCTION_LINES:
                yield line_of(code, offset), f'a function of {size} lines, at most {FUNCTION_LINES}'
    if path.suffix == '.py':
        for node in ast.walk(ast.parse(text, str(path))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                size = node.end_lineno - node.lineno + 1
                if size > FUNCTION_LINES:
                    yield node.lineno, f'{node.name} has {size} lines, at most {FUNCTION_LINES}'


def header(path, text):
    """`// name.hpp - purpose.`, and #pragma once before anything else."""
    first, *rest = text.splitlines() or ['']
    start = f'// {path.name} - '
    if not first.startswith(start) or len(first) < len(start) + 10:
        yield 1, f'a header begins with "{start}purpose."'
    opening = [first]
    for line in rest:
        if not line.startswith('//'):
            break
        opening.append(line)
    if not re.search(r'[.:](\s|$)', ' '.join(opening)[len(start):]):
        yield 1, 'the purpose is a sentence with its full stop'
    code = [line for line in blank(text).splitlines() if line.strip()]
    if not code or code[0] != '#pragma once':
        yield 1, '#pragma once comes before all other code'


def words(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, why in ((UNFINISHED, 'unfinished work: do it, or say plainly in the manual what is missing'),
                             (PRIVATE, "a machine's path or a ticket number")):
            match = pattern.search(line)
            if match:
                yield number, f'"{match[0]}": {why}'
    if path.suffix in CPP and path.parts[0] == 'src':
        code = blank(text)
        for match in UNSAFE_CALL.finditer(code):
            yield line_of(code, match.start()), f'{match[1]}: {UNSAFE[match[1]]}'


def check(path, text):
    yield from too_long(path, text)
    if path.suffix == '.hpp':
        yield from header(path, text)
    if not str(path).startswith(OWN):
        yield from words(path, text)


if __name__ == '__main__':
    run(check, [path for path in tracked(*TEXT) if path.name != 'LICENSE' and 'corpus' not in path.parts], 'files')
