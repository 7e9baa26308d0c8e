#!/usr/bin/env python3
"""Fails when a test asserts nothing: each TEST_CASE and each test_* function checks something, itself or through a function
that it calls and that is written in the tests' own folder."""
import ast
import re
import sys

from source import ROOT, blank, closing, line_of, report, tracked

CHECKS = re.compile(r'\b((CHECK|REQUIRE|WARN)(_[A-Z_]+)?|FAIL(_CHECK)?|RC_(ASSERT|FAIL)\w*|rc::check|ASSERT)\s*\(')
CASE = re.compile(r'\b(TEST_CASE(?:_FIXTURE|_TEMPLATE)?|SCENARIO|RC_GTEST_PROP)\s*\(')
NO_NAMES = {'if', 'for', 'while', 'switch', 'catch', 'constexpr', 'return', 'TEST_CASE', 'SUBCASE', 'SCENARIO'}
CALL = re.compile(r'\b([A-Za-z_]\w*)\s*(?:<[^;{}()]*>)?\s*\(')
DEFINITION = re.compile(r'^[ \t]*(?:[\w:<>,&*\s]+?[\s&*])?(?:const auto |auto )?([A-Za-z_]\w*)\s*(?:\([^;{}]*\)[^;{}]*| = \[[^;{}]*)\{', re.M)


def cpp_faults(texts):
    """`texts`: path -> text of the C++ tests.  (path, line, message) of each test case that checks nothing."""
    bodies = {}  # name of a function -> the text of its bodies, over all files of one folder
    for path, text in texts.items():
        code = blank(text)
        for match in DEFINITION.finditer(code):
            if match[1] not in NO_NAMES:
                bodies.setdefault(match[1], []).append(code[match.end() - 1:closing(code, match.end() - 1)])
    checking = {name for name, parts in bodies.items() if any(CHECKS.search(part) for part in parts)}
    while True:  # callers of what checks do check; at most one round per function
        more = {name for name, parts in bodies.items() if name not in checking
                and any(call in checking for part in parts for call in CALL.findall(part))}
        if not more:
            break
        checking |= more
    for path, text in texts.items():
        code = blank(text)
        for match in CASE.finditer(code):
            brace = code.find('{', closing(code, match.end() - 1))
            body = code[brace:closing(code, brace)]
            if not CHECKS.search(body) and not any(call in checking for call in CALL.findall(body)):
                yield path, line_of(code, match.start()), 'a test case that checks nothing'


def python_faults(texts):
    """Likewise for pytest and unittest functions."""
    trees = {path: ast.parse(text, path) for path, text in texts.items()}
    bodies = {}
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                bodies.setdefault(node.name, []).append(node)
    checking = {name for name, nodes in bodies.items() if any(checks(node, set()) for node in nodes)}
    while more := {name for name, nodes in bodies.items()
                   if name not in checking and any(checks(node, checking) for node in nodes)}:
        checking |= more
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith('test') and not checks(node, checking):
                yield path, node.lineno, f'{node.name} checks nothing'


def checks(node, checking):
    for part in ast.walk(node):
        if isinstance(part, ast.Assert):
            return True
        if isinstance(part, ast.Raise) and 'Assertion' in ast.dump(part):
            return True
        if isinstance(part, ast.Call):
            name = getattr(part.func, 'attr', getattr(part.func, 'id', ''))
            if name.startswith('assert') or name in ('raises', 'fail') or name in checking:
                return True
    return False


def main():
    read = lambda paths: {str(path): (ROOT / path).read_text(encoding='utf-8') for path in paths}
    cpp = read(tracked('.cpp', '.hpp', under='tests/'))
    python = read(tracked('.py', under='tests/'))
    return report([*cpp_faults(cpp), *python_faults(python)], len(cpp) + len(python), 'tests')


if __name__ == '__main__':
    sys.exit(main())
