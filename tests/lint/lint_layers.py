#!/usr/bin/env python3
"""Fails when a file in src/ includes what its layer may not, or when a pure layer reads a clock, does I/O, logs or throws."""
import re

from source import CPP, blank, line_of, run, tracked

MAY_USE = {  # folder: the folders whose headers it may include, besides its own
    'core': set(),
    'config': {'core'}, 'vrrp': {'core'}, 'checkers': {'core'}, 'ipvs': {'core'}, 'bfd': {'core'}, 'realserver': {'core'},
    'net': {'core', 'vrrp', 'checkers', 'ipvs', 'bfd', 'realserver'},
    'daemon': {'core', 'config', 'vrrp', 'checkers', 'ipvs', 'bfd', 'realserver', 'net'},
    'ctl': {'core', 'config', 'checkers', 'net'},  # genhash fetches a page as a check does
    'main': {'daemon', 'ctl'},  # main.cpp and batonctl.cpp parse nothing by themselves
}
PURE = {'core', 'config', 'vrrp', 'checkers', 'ipvs', 'bfd', 'realserver'}
# Headers that do I/O.  Beast's HTTP parser and asio::buffer are bytes only.
IO_HEADER = re.compile(
    r'boost/asio(?!/buffer\.hpp)|boost/beast/(?!http/|core/(flat_buffer|string)\.hpp)|netlink/|openssl/(ssl|bio)\.h|spdlog/|'
    r'sys/(socket|epoll|ioctl|stat|wait|un|uio|mman)\.h|unistd\.h|fcntl\.h|poll\.h|netdb\.h|net/if\.h|syslog\.h|'
    r'(fstream|filesystem|iostream|thread|mutex|condition_variable|future)$')
NOT_PURE = [  # (what, why)
    (re.compile(r'\b(steady_clock|system_clock|Clock|high_resolution_clock)::now\s*\('), 'reads a clock'),
    (re.compile(r'\b(gettimeofday|clock_gettime|time)\s*\(\s*(NULL|nullptr|0|&)'), 'reads a clock'),
    (re.compile(r'\bthrow\b'), 'throws'),
    (re.compile(r'\b(getenv|fopen|getaddrinfo|if_nametoindex|gethostname)\s*\('), 'asks the machine'),
    (re.compile(r'\bspdlog::'), 'logs'),
    (re.compile(r'\b(random_device\b|s?rand\s*\()'), 'draws lots'),
]
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)', re.M)


def check(path, text):
    layer = path.parts[1] if len(path.parts) > 2 else 'main'
    if layer not in MAY_USE:
        yield 1, f'src/{layer} is in no layer: name it in tests/lint/lint_layers.py'
        return
    code = blank(text)
    for match in INCLUDE.finditer(code):
        line = line_of(text, match.start())
        ours, theirs = (text[match.start(group):match.end(group)] if match[group] else '' for group in (1, 2))
        if ours:
            used = ours.split('/')[0] if '/' in ours else ''
            if used not in MAY_USE:
                yield line, f'include "{ours}" by its path from src/, as "folder/name.hpp"'
            elif used != layer and used not in MAY_USE[layer]:
                yield line, f'{layer} may not use {used}: "{ours}"'
        elif layer in PURE and IO_HEADER.match(theirs):
            yield line, f'{layer} is pure and does no I/O: <{theirs}>'
    if layer in PURE:
        for pattern, why in NOT_PURE:
            for match in pattern.finditer(code):
                yield line_of(code, match.start()), f'{layer} is pure and never {why}: {match.group().strip()}'


if __name__ == '__main__':
    run(check, tracked(*CPP, under='src/'), 'layers')
