#!/usr/bin/env python3
"""Finds coroutine shapes that are wrong in this code base.

g++ 12.2 miscompiles a full-expression that holds a co_await together with braces, a capturing lambda or `?:` (it destroys
temporaries twice); name the object in its own statement first.  Beside that: `detached`, operations that throw, and
parameters of coroutines that may dangle.  Relies on the layout of clang-format, which lint.format checks: a block's brace has a
blank before it, that of an initialiser has none (`return {` and `= {` apart).
"""
import re

from source import CPP, blank, closing, is_block, line_of, run, tracked

CONTROL = re.compile(r'\b(if(\s+constexpr)?|while|switch|for)\s*$')
GOES_ON = set(',).([]+-*/<>=?:|&;')  # after a closing brace: still the same expression
CAPTURING = re.compile(r'(^|[(,=&|?:]|\breturn|\bco_await)\s*\[(?![\]\[])')
OPEN, CLOSE = '([{', ')]}'


def expression_start(code, offset):
    """Where the full-expression around `offset` begins, and whether an initialiser's brace is open around it."""
    in_braces, i = False, offset - 1
    while i >= 0:
        c = code[i]
        if c in ')]':
            i = opening(code, i)
        elif c == '}':
            after = code[i + 1:offset].lstrip()[:1]
            if after not in GOES_ON or not after:
                return i + 1, in_braces
            i = opening(code, i)
        elif c == ';':
            return i + 1, in_braces
        elif c == '{':
            if is_block(code, i):
                return i + 1, in_braces
            in_braces = True
        elif c == '(' and CONTROL.search(code[max(0, i - 20):i]):
            return i + 1, in_braces
        i -= 1
    return 0, in_braces


def opening(code, close):
    depth = 0
    for i in range(close, -1, -1):
        if code[i] in CLOSE:
            depth += 1
        elif code[i] in OPEN:
            depth -= 1
            if depth == 0:
                return i
    return 0


def expression_end(code, start):
    """The first `;` outside brackets, or the bracket that closes around the expression."""
    depth = 0
    for i in range(start, len(code)):
        if code[i] in OPEN:
            depth += 1
        elif code[i] in CLOSE:
            depth -= 1
            if depth < 0:
                return i
        elif code[i] == ';' and depth == 0:
            return i
    return len(code)


def without_bodies(expression):
    """The expression without the bodies of its lambdas and without the names of a structured binding."""
    expression = re.sub(r'\bauto\s*&{0,2}\s*\[[^\]]*\]', lambda m: ' ' * len(m.group()), expression)
    i = 0
    while i < len(expression):
        if expression[i] == '{' and is_block(expression, i):
            end = closing(expression, i)
            expression = expression[:i] + ' ' * (end - i + 1) + expression[end + 1:]
        i += 1
    return expression


def shape_faults(code):
    for match in re.finditer(r'\bco_await\b', code):
        start, in_braces = expression_start(code, match.start())
        expression = without_bodies(code[start:expression_end(code, start)])
        if in_braces or '{' in expression:
            yield match.start(), 'braces in a co_await expression: name the object in its own statement first'
        if CAPTURING.search(expression):
            yield match.start(), 'capturing lambda in a co_await expression: name it in its own statement first'
        if '?' in expression:
            yield match.start(), '?: in a co_await expression: write an if'


def parameter_faults(code):
    """Coroutines: awaitable<...> name(parameters)."""
    for match in re.finditer(r'\bawaitable<', code):
        depth, i = 1, match.end()
        while i < len(code) and depth:
            depth += {'<': 1, '>': -1}.get(code[i], 0)
            i += 1
        name = re.match(r'\s+[\w:~]+\s*\(', code[i:])
        lambda_parameters = re.search(r'\(([^()]*)\)\s*(mutable\s*)?->\s*[\w:]*$', code[:match.start()])
        if name:
            opened = i + name.end() - 1
            parameters = code[opened:closing(code, opened)]
        elif lambda_parameters:
            parameters = lambda_parameters[1]
        else:
            continue
        while (flat := re.sub(r'<[^<>]*>', '', parameters)) != parameters:  # std::function<void(const Error&)> is a value
            parameters = flat
        if '&' in parameters or 'string_view' in parameters:
            yield match.start(), 'a coroutine takes parameters by value or pointer: a reference or a view may dangle'


def check(path, text):
    code = re.sub(r'^[ \t]*#[^\n]*', lambda m: ' ' * len(m.group()), blank(text), flags=re.M)
    told = set()
    for offset, message in [*shape_faults(code), *parameter_faults(code)]:
        fault = (line_of(code, offset), message)
        if fault not in told:
            told.add(fault)
            yield fault
    for match in re.finditer(r'\bdetached\b', code):
        yield line_of(code, match.start()), 'detached: the owner keeps a cancellation signal and sees the end (STYLE: coroutines)'
    for match in re.finditer(r'\buse_awaitable\b', code):
        before = code[:match.start()]
        if not re.search(r'\bas_tuple\(\s*[\w:]*$', before) and not re.search(r'\busing\s+[\w:]*$', before):
            yield line_of(code, match.start()), 'use_awaitable without as_tuple throws: every operation uses as_tuple(use_awaitable)'


if __name__ == '__main__':
    run(check, tracked(*CPP), 'co_await shapes')
