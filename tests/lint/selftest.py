#!/usr/bin/env python3
"""Shows that every lint finds what it is there for, and leaves good code alone.  A lint that cannot fail is none."""
import contextlib
import io
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import lint_coawait
import lint_docs
import lint_files
import lint_format
import lint_layers
import lint_tests
import lint_tidy
import source


def messages(lint, name, text):
    return [f'{line}: {message}' for line, message in lint.check(pathlib.Path(name), text)]


class Cases(unittest.TestCase):
    def found(self, lint, name, text, part, line=None):
        told = messages(lint, name, text)
        self.assertTrue(any(part in message for message in told), f'not found: {part}\n{text}\ntold: {told}')
        if line:
            self.assertTrue(any(message.startswith(f'{line}: ') for message in told), f'not in line {line}: {told}')

    def silent(self, lint, name, text):
        self.assertEqual(messages(lint, name, text), [], text)


class Source(Cases):
    def test_comments_and_literals_are_blanked_in_place(self):
        text = 'f("a{b", \'{\', 1\'000\'000);  // {\n/* {\n */ R"x({ ")" )x" g("\\"{");'
        code = source.blank(text)
        self.assertEqual(len(code), len(text))
        self.assertEqual(code.count('\n'), text.count('\n'))
        self.assertNotIn('{', code)
        self.assertIn("1'000'000);", code)
        self.assertIn('g(', code)

    def test_a_run_over_nothing_fails(self):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            self.assertEqual(source.report([], 0, 'nothing'), 1)
            self.assertEqual(source.report([('a', 1, 'bad')], 5, 'some'), 1)
            self.assertEqual(source.report([], 5, 'good'), 0)
        self.assertIn('a:1: bad', out.getvalue())

    def test_files_are_those_of_git_or_of_the_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name in ('src/a.cpp', 'src/b.cpp', 'build/c.cpp'):
                (root / name).parent.mkdir(exist_ok=True)
                (root / name).write_text('')
            names = lambda: [str(path) for path in source.tracked('.cpp', root=root)]
            self.assertEqual(names(), ['src/a.cpp', 'src/b.cpp'])
            subprocess.run(['git', 'init', '-q', folder], check=True)
            subprocess.run(['git', '-C', folder, 'add', 'src/b.cpp'], check=True)
            self.assertEqual(names(), ['src/b.cpp'])


class Layers(Cases):
    def test_includes_point_downwards(self):
        for name, include in (('src/core/a.cpp', '"vrrp/packet.hpp"'), ('src/vrrp/a.cpp', '"config/model.hpp"'),
                              ('src/config/a.cpp', '"net/links.hpp"'), ('src/net/a.cpp', '"daemon/role.hpp"'),
                              ('src/net/a.cpp', '"config/model.hpp"'), ('src/main.cpp', '"vrrp/packet.hpp"'),
                              ('src/ctl/a.cpp', '"daemon/role.hpp"')):
            self.found(lint_layers, name, f'// one\n#include {include}\n', 'may not use', 2)
        for name, include in (('src/vrrp/a.cpp', '"core/time.hpp"'), ('src/vrrp/a.cpp', '"vrrp/packet.hpp"'),
                              ('src/net/a.cpp', '"ipvs/diff.hpp"'), ('src/daemon/a.cpp', '"config/model.hpp"'),
                              ('src/main.cpp', '"daemon/options.hpp"')):
            self.silent(lint_layers, name, f'#include {include}\n')

    def test_pure_layers_do_no_io(self):
        for header in ('boost/asio/steady_timer.hpp', 'boost/asio.hpp', 'sys/socket.h', 'unistd.h', 'fstream', 'spdlog/spdlog.h',
                       'openssl/ssl.h', 'netlink/netlink.h', 'thread', 'boost/beast/core/tcp_stream.hpp'):
            self.found(lint_layers, 'src/vrrp/a.cpp', f'#include <{header}>\n', 'does no I/O', 1)
            self.silent(lint_layers, 'src/net/a.cpp', f'#include <{header}>\n')
        for header in ('boost/asio/buffer.hpp', 'boost/beast/http/parser.hpp', 'openssl/evp.h', 'arpa/inet.h', 'string'):
            self.silent(lint_layers, 'src/checkers/a.cpp', f'#include <{header}>\n')

    def test_pure_layers_read_no_clock_and_throw_nothing(self):
        for text in ('auto t = Clock::now();', 'auto t = std::chrono::system_clock::now();', 'throw Error();', 'spdlog::info("x");',
                     'getenv("HOME");', 'time(nullptr);', 'std::random_device seed;'):
            self.found(lint_layers, 'src/vrrp/a.cpp', text, 'never')
            self.silent(lint_layers, 'src/daemon/a.cpp', text)
        self.silent(lint_layers, 'src/vrrp/a.cpp', '// throw nothing, Clock::now() is read by net\nauto s = "throw";\nnow(x);')

    def test_paths_and_unknown_folders(self):
        self.found(lint_layers, 'src/vrrp/a.cpp', '#include "../core/time.hpp"', 'by its path from src/')
        self.found(lint_layers, 'src/vrrp/a.cpp', '#include "packet.hpp"', 'by its path from src/')
        self.found(lint_layers, 'src/misc/a.cpp', '', 'in no layer')


class CoAwait(Cases):
    BAD = {  # what g++ 12.2 gets wrong, or what the rule forbids beside it
        'braces': ['co_await send(Request{1, 2});', 'co_await send({1, 2});', 'auto r = co_await run(op(), Point{.x = 1});',
                   'co_return co_await send(std::vector<int>{1, 2});', 'Point{co_await f(), 2}.go();', 'auto x = Pair{1, co_await f()};',
                   'g(Request{1}, co_await f());', 'if ((co_await send(Request{1})).ok) {\n}', 'for (auto x : co_await list({1})) {\n}',
                   'const std::array<int, 2> a = {co_await f(), 2};', 'co_await send(\n    Request{\n        1,\n    });',
                   'const auto [ec] = co_await send(Request{1});', 'co_await f([] { return 1; }, Request{1});'],
        'capturing lambda': ['co_await post([x] { return x; });', 'co_await post([&] { f(); });', 'co_await post([this](int a) { f(a); });',
                             'co_await post([x = std::move(y)]() mutable { f(x); });', 'co_await post([x]() -> int { return x; });'],
        '?:': ['auto x = ok ? co_await f() : co_await g();', 'co_await f(ok ? 1 : 2);', 'const auto n = co_await f() ? 1 : 2;'],
    }
    GOOD = ['co_await timer.async_wait(as_tuple(use_awaitable));', 'const auto [ec, n] = co_await f();', 'auto& [a, b] = co_await f();',
            'const Request request{1, 2};\nco_await send(request);', 'if (co_await f()) {\n  return Point{1};\n}',
            'while (co_await f()) x = Point{1};', 'for (auto x : co_await list()) {\n  g({x});\n}',
            'auto op = f({1, 2});\nco_await std::move(op);', 'co_await post([] { return 1; });', 'co_await post([](int a) { g({a}); });',
            'auto x = a ? b : c;\nco_await f(x);', 'switch (co_await f()) {\n  case 1: g({1});\n}', 'co_await (a() || b());',
            '// co_await send(Request{1})\n', 'auto s = "co_await send({1})";', 'co_await f(table[1], (*p)[i]);',
            'do {\n  co_await f();\n} while (x);\ng({1});', 'if (auto x = co_await f(); x) g({1});',
            'co_spawn(io, [this]() -> awaitable<void> { co_await f(); }, g({1}));', 'try {\n  co_await f();\n} catch (...) {\n}',
            'Loop::Loop() : a_{1} {\n  b_ = Point{1};\n}\nawaitable<void> Loop::run() {\n  co_await f();\n}']

    def test_bad_shapes_are_found(self):
        for part, texts in self.BAD.items():
            for text in texts:
                around = f'awaitable<void> run(int a) {{\n  {text}\n}}\n'
                self.found(lint_coawait, 'src/net/a.cpp', around, part)

    def test_good_shapes_are_left_alone(self):
        for text in self.GOOD:
            self.silent(lint_coawait, 'src/net/a.cpp', f'awaitable<void> run(int a) {{\n  {text}\n}}\n')

    def test_the_line_is_that_of_the_co_await(self):
        self.found(lint_coawait, 'src/net/a.cpp', 'void f() {\n  g();\n  co_await send({1});\n}', 'braces', 3)

    def test_parameters_are_values(self):
        for text in ('awaitable<void> f(const std::string& s);', 'asio::awaitable<Result<int>> Link::f(int a, std::string_view s) {\n}',
                     'auto f = [](Socket& s) -> asio::awaitable<void> { co_return; };', 'awaitable<void> f(std::vector<int>&& v);'):
            self.found(lint_coawait, 'src/net/a.cpp', text, 'by value or pointer')
        for text in ('awaitable<void> f(std::string s, Socket* t);', 'asio::awaitable<void> run();',
                     'awaitable<void> run(std::function<void(const Error&)> on_error);',
                     'void use(awaitable<void> a, const std::string& s);', 'auto f = [](Socket* s) -> awaitable<void> { co_return; };'):
            self.silent(lint_coawait, 'src/net/a.cpp', text)

    def test_tokens(self):
        self.found(lint_coawait, 'src/net/a.cpp', 'co_spawn(io, f(), asio::detached);', 'detached')
        self.found(lint_coawait, 'src/net/a.cpp', 'co_await t.async_wait(asio::use_awaitable);', 'throws')
        for text in ('co_await t.async_wait(asio::as_tuple(asio::use_awaitable));', 'using boost::asio::use_awaitable;',
                     '#include <boost/asio/use_awaitable.hpp>\n', 'constexpr auto kToken = as_tuple(use_awaitable);'):
            self.silent(lint_coawait, 'src/net/a.cpp', text)


class Files(Cases):
    HEADER = '// a.hpp - what it is for.\n#pragma once\n'

    def test_headers(self):
        self.silent(lint_files, 'src/core/a.hpp', self.HEADER)
        self.silent(lint_files, 'src/core/a.hpp', '// a.hpp - a thing that takes\n// two lines.\n//\n// More.\n#pragma once\n\nint x;\n')
        self.found(lint_files, 'src/core/b.hpp', self.HEADER, 'a header begins with "// b.hpp - ')
        self.found(lint_files, 'src/core/a.hpp', '#pragma once\n', 'a header begins with')
        self.found(lint_files, 'src/core/a.hpp', '// a.hpp - no full stop here\n#pragma once\n', 'full stop')
        self.found(lint_files, 'src/core/a.hpp', '// a.hpp - what it is for.\n#include <a>\n', '#pragma once')
        self.found(lint_files, 'src/core/a.hpp', '', 'a header begins with')

    def test_lengths(self):
        self.found(lint_files, 'src/core/a.cpp', 'int x;\n' * 501, '501 lines')
        self.silent(lint_files, 'src/core/a.cpp', 'int x;\n' * 500)
        body = '  f();\n' * 69
        for head in ('void f() {', 'A::A() : a_{1}, b_(2) {', 'auto f = [](int a) -> std::vector<int> {', 'TEST_CASE("x") {',
                     'template <class T>\nvoid A<T>::f(T t) const {', 'struct A {\n  void f() {', '[[nodiscard]] int f() noexcept {'):
            self.found(lint_files, 'src/core/a.cpp', f'{head}\n{body}}}\n', 'a function of 71 lines')
            self.silent(lint_files, 'src/core/a.cpp', f'{head}\n{body[7:]}}}\n')
        for head in ('namespace a {', 'struct A {', 'enum class A {', 'class A : public B<C> {', 'const Row kRows[] = {',
                     'template <class T>\nstruct A {'):
            self.silent(lint_files, 'src/core/a.cpp', f'{head}\n{body}}}\n')
        self.found(lint_files, 'tests/a.py', 'def f():\n' + '    g()\n' * 70, 'f has 71 lines')
        self.silent(lint_files, 'tests/a.py', 'def f():\n' + '    g()\n' * 69)

    def test_words(self):
        for text in ('// TODO: more', '// a stub', '// for now', '# FIXME', '// not implemented yet', '# see /work/notes', '// issue #12'):
            self.found(lint_files, 'src/core/a.cpp', text, ': ')
        for text in ('// stubborn', '// waits for nowhere', '// root=/dev/root', '// "not supported yet" is what it says'):
            self.silent(lint_files, 'src/core/a.cpp', text)

    def test_calls(self):
        for text in ('std::system("ls");', 'sprintf(a, b);', 'getaddrinfo(a);', '::popen(a);', 'std::this_thread::sleep_for(a);'):
            self.found(lint_files, 'src/net/a.cpp', text, ': ')
            self.silent(lint_files, 'tests/unit/a.cpp', text)
        for text in ('file.system(1);', 'snprintf(a, 1, b);', '// system("x")', 'system_failure("x");', 'asleep(1);'):
            self.silent(lint_files, 'src/net/a.cpp', text)


class Tests(Cases):
    def cpp(self, text):
        return [message for _path, _line, message in lint_tests.cpp_faults({'tests/a_test.cpp': text})]

    def test_a_case_that_checks_nothing_is_found(self):
        self.assertEqual(self.cpp('TEST_CASE("x") { f(); }'), ['a test case that checks nothing'])
        self.assertEqual(self.cpp('TEST_CASE("x") {}'), ['a test case that checks nothing'])
        self.assertEqual(self.cpp('TEST_CASE("x") { /* CHECK(1) */ }'), ['a test case that checks nothing'])
        self.assertEqual(self.cpp('void f(int a) { g(); }\nTEST_CASE("x") { f(1); }'), ['a test case that checks nothing'])

    def test_an_if_in_another_case_does_not_count(self):
        other = 'TEST_CASE("y") {\n  if (a) {\n    CHECK(1);\n  }\n  for (int i : {1}) {\n    CHECK(i);\n  }\n}\n'
        for body in ('if (f()) g();', 'for (auto x : y) g();'):
            self.assertEqual(self.cpp(f'{other}TEST_CASE("x") {{ {body} }}'), ['a test case that checks nothing'])

    def test_checks_in_the_case_or_in_what_it_calls(self):
        self.assertEqual(self.cpp('TEST_CASE("x") { CHECK(1 == 1); }'), [])
        self.assertEqual(self.cpp('TEST_CASE("x") { SUBCASE("y") { REQUIRE_EQ(1, 1); } }'), [])
        self.assertEqual(self.cpp('TEST_CASE("x") { rc::check("p", [](int a) { return a == a; }); }'), [])
        self.assertEqual(self.cpp('void g(int a) { CHECK(a); }\nvoid f(int a) { g(a); }\nTEST_CASE("x") { f(1); }'), [])

    def test_python(self):
        faults = lambda text: [message for *_place, message in lint_tests.python_faults({'tests/a.py': text})]
        self.assertEqual(faults('def test_a():\n    f()\n'), ['test_a checks nothing'])
        for text in ('def test_a():\n    assert f()\n', 'def test_a():\n    with pytest.raises(E):\n        f()\n',
                     'def see():\n    assert 1\ndef test_a():\n    see()\n', 'class T:\n    def test_a(self):\n        self.assertTrue(1)\n'):
            self.assertEqual(faults(text), [])


@unittest.skipUnless(shutil.which(lint_format.PROGRAM), f'{lint_format.PROGRAM} is missing')
class Format(Cases):
    def test_a_file_out_of_format_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            shutil.copy(source.ROOT / '.clang-format', root)
            (root / 'good.cpp').write_text('int f() {\n  return 1;\n}\n')
            (root / 'bad.cpp').write_text('int g() {\n  return 1;\n}\n\nint f( ){return 1;}\n')
            faults = lint_format.faults(['good.cpp', 'bad.cpp'], root)
            self.assertEqual([(path, line) for path, line, _message in faults], [('bad.cpp', 5)])


class Docs(Cases):
    def repository(self, **files):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = pathlib.Path(folder.name)
        for name, text in {'src/vrrp/packet.hpp': '', 'script/demo': 'case --mode) --stay)', 'cmake/Dependencies.cmake': '', **files}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        return root

    def faults(self, root, name):
        return [message for *_place, message in lint_docs.check(root, [pathlib.Path(name)])]

    def test_paths_links_and_options_exist(self):
        bad = 'see `src/vrrp/none.hpp`\n[x](docs/none.md)\nscript/demo --mode dr --fast\nscript/none\n`tests/*_none.py`\n'
        told = ' '.join(self.faults(self.repository(**{'README.md': bad}), 'README.md'))
        for part in ('src/vrrp/none.hpp is not', 'link to docs/none.md', 'knows no --fast', 'script/none is not', 'tests/*_none.py'):
            self.assertIn(part, told)
        self.assertNotIn('--mode', told)
        good = '`src/vrrp/packet.hpp` [x](src/vrrp) [y](https://a/b) `src/*/packet.hpp`\nscript/demo --mode dr --stay\n/etc/baton/x\n'
        self.assertEqual(self.faults(self.repository(**{'README.md': good}), 'README.md'), [])

    def test_the_readme_is_one_screen(self):
        root = self.repository(**{'README.md': 'x\n' * (lint_docs.README_LINES + 1)})
        self.assertIn('longer than one screen', self.faults(root, 'README.md')[0])

    def test_the_architecture_names_every_folder_and_dependency(self):
        dependencies = 'find_package(Boost 1.81)\npkg_check_modules(NL REQUIRED IMPORTED_TARGET libnl-3.0)\nfind_path(TL tl/x.hpp)\n'
        root = self.repository(**{'docs/architecture.md': 'x\n', 'cmake/Dependencies.cmake': dependencies})
        told = ' '.join(self.faults(root, 'docs/architecture.md'))
        for part in ('src/vrrp/ is not', 'dependency Boost', 'dependency libnl-3.0', 'dependency tl'):
            self.assertIn(part, told)
        root = self.repository(**{'docs/architecture.md': 'src/vrrp\nBoost, libnl-3.0, tl::expected\n', 'cmake/Dependencies.cmake': dependencies})
        self.assertEqual(self.faults(root, 'docs/architecture.md'), [])

    def test_keywords_stand_in_the_table(self):
        table = {'src/config/keywords.cpp': '{"vrrp_instance", "state", "virtual_ipaddress"}'}
        bad = {'etc/examples/a.conf': 'vrrp_instance A {\n  stat MASTER\n}\n', 'README.md': '```conf\nvrrp_instanc A {\n}\n```\n', **table}
        root = self.repository(**bad)
        self.assertEqual(self.faults(root, 'etc/examples/a.conf'), ['stat is no keyword of src/config'])
        self.assertEqual(self.faults(root, 'README.md'), ['vrrp_instanc is no keyword of src/config'])
        good = '! comment\nvrrp_instance A {\n  state MASTER # x\n  virtual_ipaddress {\n    abc dev eth0\n  }\n}\n'
        self.assertEqual(self.faults(self.repository(**{'etc/examples/a.conf': good, **table}), 'etc/examples/a.conf'), [])


class Tidy(Cases):
    def test_commands_for_clang(self):
        command = ('/usr/bin/cmake -E env CCACHE_X=1 /usr/bin/ccache /usr/bin/g++ -DX=1 -I/src -isystem /i -O1 -Wall -Wlogical-op -std=c++20 '
                   '-Winvalid-pch -include /b/cmake_pch.hxx -fsanitize=address -o a.o -c /src/a.cpp')
        self.assertEqual(lint_tidy.for_clang(command), ['/usr/bin/g++', '-DX=1', '-I/src', '-isystem', '/i', '-O1', '-std=c++20', '-c', '/src/a.cpp'])

    def test_a_change_in_an_included_header_changes_the_fingerprint(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / 'src').mkdir()
            for name, text in (('src/a.cpp', '#include "b.hpp"\n'), ('src/b.hpp', '#include "c.hpp"\n'), ('src/c.hpp', '1\n'), ('.clang-tidy', '')):
                (root / name).write_text(text)
            first = lint_tidy.fingerprint(root / 'src/a.cpp', ['g++'], root)
            self.assertEqual(first, lint_tidy.fingerprint(root / 'src/a.cpp', ['g++'], root))
            (root / 'src/c.hpp').write_text('2\n')
            self.assertNotEqual(first, lint_tidy.fingerprint(root / 'src/a.cpp', ['g++'], root))

    def test_sources_that_are_compiled_as_one_are_looked_at_one_by_one(self):
        with tempfile.TemporaryDirectory() as folder:
            build = pathlib.Path(folder).resolve()
            (build / 'Unity').mkdir()
            one = build / 'Unity/unity_0_cxx.cxx'
            one.write_text('/* generated by CMake */\n\n#include "/src/a.cpp"\n\n#include "/src/b.cpp"\n')
            command = f'/usr/bin/g++ -I/src -o {one}.o -c {one}'
            (build / 'compile_commands.json').write_text(json.dumps([{'directory': '/', 'file': str(one), 'command': command}]))
            self.assertEqual({path: words[-1] for path, words in lint_tidy.database(build).items()},
                             {'/src/a.cpp': '/src/a.cpp', '/src/b.cpp': '/src/b.cpp'})

    @unittest.skipUnless(shutil.which(lint_tidy.PROGRAM), f'{lint_tidy.PROGRAM} is missing')
    def test_a_finding_is_told_each_time_and_a_clean_file_is_read_once(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            root = pathlib.Path(folder).resolve()
            (root / 'src').mkdir()
            file = root / 'src/a.cpp'
            (root / '.clang-tidy').write_text('Checks: "-*,modernize-use-nullptr"\nWarningsAsErrors: "*"\n')
            file.write_text('int* p = 0;\n')
            (root / 'compile_commands.json').write_text('[]')
            self.assertIn('Compile command not found', lint_tidy.tidy(file, ['g++'], root, root)[0][2])
            entry = f'[{{"directory": "{root}", "file": "{file}", "arguments": ["g++", "-c", "{file}"]}}]'
            (root / 'compile_commands.json').write_text(entry)
            for _ in range(2):
                faults = lint_tidy.tidy(file, ['g++'], root, root)
                self.assertEqual([(path, line) for path, line, _message in faults], [('src/a.cpp', 1)])
                self.assertIn('nullptr', faults[0][2])
            file.write_text('int* p = nullptr;\n')
            self.assertEqual(lint_tidy.tidy(file, ['g++'], root, root), [])
            self.assertTrue((root / 'src.a.cpp.clean').is_file())


if __name__ == '__main__':
    sys.dont_write_bytecode = True
    unittest.main()
