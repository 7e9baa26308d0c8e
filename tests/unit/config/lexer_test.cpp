#include "config/lexer.hpp"

#include <ctime>
#include <vector>

#include <doctest/doctest.h>

#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

bool is_script(std::string_view keyword) {
  return keyword == "notify";
}

/// Every statement as "word|word>", with { } or $ (end of file) for what ended it, ! when it is broken.
std::string statements(std::string_view text, Diagnostics& out) {
  Lexer lexer(text, 0, is_script, out);
  std::string all;
  for (;;) {
    const Statement& statement = lexer.next();
    if (statement.words.empty() && statement.end == End::file) return all;
    if (statement.broken) all += "!";
    for (std::size_t i = 0; i < statement.words.size(); ++i)
      all += (i > 0 ? "|" : "") + std::string(statement.words[i].text);
    all += statement.end == End::line    ? ">"
           : statement.end == End::open  ? "{"
           : statement.end == End::close ? "}"
                                         : "$";
  }
}

std::string statements(std::string_view text) {
  Diagnostics out;
  const std::string all = statements(text, out);
  CHECK(said(out).empty());
  return all;
}

std::string faults(std::string_view text) {
  Diagnostics out;
  out.add_file("f", text);
  statements(text, out);
  return said(out);
}

TEST_CASE("lines are statements of words, blanks of any kind between them") {
  CHECK(statements("a b\n\tc \t d\re\v\ff\n") == "a|b>c|d|e|f>");
  CHECK(statements("a\r\nb c\r\n") == "a>b|c>");
  CHECK(statements("last line") == "last|line$");
  CHECK(statements("").empty());
  CHECK(statements("\n \n\t\n").empty());
}

TEST_CASE("braces end a statement, even inside an unquoted word, and what follows is a further line") {
  CHECK(statements("a{b}c") == "a{b}c$");
  CHECK(statements("a { b c }\nd") == "a{b|c}d$");
  CHECK(statements("a\n{\nb\n}\n") == "a>{b>}");
  CHECK(statements("} }") == "}}");
}

TEST_CASE("comments begin with ! or # outside quotes and end with the line") {
  CHECK(statements("# all of it\na b # c\n! d\ne ! f { }\n") == "a|b>e>");
  CHECK(statements("a # no { brace\nb") == "a>b$");
  CHECK(statements("a \\#b \\!c \\d e\\\n") == "a|#b|!c|\\d|e\\>");
  CHECK(statements("a \"b#c!d\" e") == "a|b#c!d|e$");
}

TEST_CASE("a quoted word has no escapes, and stands by itself even beside other words") {
  CHECK(statements("a \"b c\" d") == "a|b c|d$");
  CHECK(statements("a\"b c\"d") == "a|b c|d$");
  CHECK(statements("a \"\" b") == "a||b$");
  CHECK(statements("a \"b\\#c\\\"") == "a|b\\#c\\$");
  CHECK(statements("a \"{\" \"}\" b") == "a|{|}|b$");
}

TEST_CASE("in a script line \\\" does not end the quoted word") {
  CHECK(statements("notify \"x \\\"a b\\\" c\" root") == "notify|x \\\"a b\\\" c|root$");
}

TEST_CASE("words know where they stand") {
  Diagnostics out;
  Lexer lexer("\n  interface\t\"eth 0\" {\n}", 3, is_script, out);
  const Statement& statement = lexer.next();
  REQUIRE(statement.words.size() == 2);
  CHECK(statement.words[0].place.position == Position{3, 2, 3});
  CHECK(statement.words[0].place.length == 9);
  CHECK_FALSE(statement.words[0].quoted);
  CHECK(statement.words[1].place.position == Position{3, 2, 13});
  CHECK(statement.words[1].place.length == 7);
  CHECK(statement.words[1].quoted);
  CHECK(statement.brace.position == Position{3, 2, 21});
  CHECK(statement.raw == "interface\t\"eth 0\"");
  CHECK(lexer.next().brace.position == Position{3, 3, 1});
}

TEST_CASE("an escaped word keeps the length that it is written with") {
  Diagnostics out;
  Lexer lexer("a x\\#y", 0, is_script, out);
  const Statement& statement = lexer.next();
  CHECK(statement.words[1].text == "x#y");
  CHECK(statement.words[1].place.length == 4);
}

TEST_CASE("${NAME} belongs to its word, other braces after a $ do not") {
  Diagnostics out;
  Lexer lexer("a x${NAME}y ${_RANDOM 1 5} \"${Q}\" b", 0, is_script, out);
  const Statement& statement = lexer.next();
  REQUIRE(statement.words.size() == 5);
  CHECK(statement.words[1].text == "x${NAME}y");
  CHECK(statement.words[1].has_reference);
  CHECK(statement.words[2].has_reference);
  CHECK_FALSE(statement.words[3].has_reference);  // it may be meant for a shell
  CHECK_FALSE(statement.words[4].has_reference);
  CHECK(statements("a ${} b") == "a|${}|b$");
  CHECK(statements("a ${x\nb") == "a|${x>b$");
  CHECK(statements("a $") == "a|$$");
}

TEST_CASE("peeking and accepting a brace cross blanks, comments and lines") {
  Diagnostics out;
  Lexer lexer("a\n # comment\n  { b {", 0, is_script, out);
  lexer.next();
  CHECK(lexer.peek_word().empty());
  Place brace;
  REQUIRE(lexer.accept_open(brace));
  CHECK(brace.position == Position{0, 3, 3});
  CHECK(lexer.peek_word() == "b");
  CHECK_FALSE(lexer.accept_open(brace));
  CHECK(lexer.next().words[0].text == "b");
  CHECK(lexer.peek_word().empty());
  CHECK_FALSE(lexer.accept_open(brace));
}

TEST_CASE("an unclosed quote spoils its line, not its braces") {
  Diagnostics out;
  CHECK(statements("a \"b c {\nd\n} \" }\n", out) == "!a|b|c{d>}!}");
  CHECK(faults("a \"b c\nd") ==
        "1:3 error 5: this double quote is not closed: the line is dropped (a quoted word ends on its own line)\n");
  CHECK(faults("a\\\"b") ==
        "1:3 error 5: this double quote is not closed: the line is dropped (a quoted word ends on its own line)\n");
}

TEST_CASE("a NUL spoils its line, and is reported once") {
  using namespace std::string_view_literals;
  Diagnostics out;
  CHECK(statements("a b\0c\0d\ne \"f\0g\"\n# \0\nh"sv, out) == "!a|b\0c\0d>!e|f\0g>h$"sv);
  CHECK(out.all().size() == 2);
  CHECK(out.all()[0].text == "a NUL octet: the line is dropped");
  CHECK(out.all()[1].position == Position{0, 2, 5});
}

TEST_CASE("a comment sign inside a value is pointed out") {
  CHECK(faults("auth_pass Test123!x\n") ==
        "1:18 warning 0: the comment starts inside this word: everything from '!' on is ignored (if it belongs to the "
        "value, write the value in double quotes or \\!)\n");
  CHECK(faults("nopreempt#comment\na \"b\"#c\na b #c\n}#d").empty());
}

TEST_CASE("a byte order mark is passed over and reported") {
  Diagnostics out;
  CHECK(statements("\xef\xbb\xbf"
                   "a b",
                   out) == "a|b$");
  CHECK(out.all().size() == 1);
  CHECK(out.exit_status() == 5);
}

TEST_CASE("a line may have as many octets as keepalived takes, comments not counted") {
  const std::string longest = "a " + std::string(kMaxLineLength - 2, 'b');
  CHECK(statements(longest) == "a|" + std::string(kMaxLineLength - 2, 'b') + "$");
  CHECK(statements("a b # " + std::string(100'000, 'c') + "\nd") == "a|b>d$");
  CHECK(
      faults(longest + "b") ==
      "1:3 error 5: the line is longer than 1023 octets: it is dropped (keepalived's limit; a block may be spread over "
      "several lines)\n");
  Diagnostics out;
  CHECK(statements(longest + "b {\nc }", out) == "!a{c}");
}

TEST_CASE("a long line is reported once, however many blocks stand on it") {
  std::string line;
  for (int i = 0; i < 2000; ++i)
    line += "a { b c } ";
  Diagnostics out;
  statements(line, out);
  REQUIRE(out.all().size() == 1);
  CHECK(out.all()[0].position == Position{0, 1, 1025});  // the first word that ends beyond 1023
}

/// Processor time, which the load of the machine does not change.
double seconds_for(const std::string& text) {
  const std::clock_t start = std::clock();
  Diagnostics out;
  statements(text, out);
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

TEST_CASE("time and memory are linear in hostile text") {
  constexpr std::size_t kSize = 400'000;
  std::string quotes = "notify \"";
  while (quotes.size() < kSize)
    quotes += "\\\"";
  std::string words;
  while (words.size() < kSize)
    words += "a ";
  std::string dollars;
  while (dollars.size() < kSize)
    dollars += "${";
  for (const std::string& text : {quotes, words, dollars, "a " + std::string(kSize, '\\'), std::string(kSize, '"'),
                                  std::string(kSize, '{'), std::string(kSize, '}'), std::string(kSize, '\0'),
                                  "# " + std::string(kSize, 'x'), "a" + std::string(kSize, '!')})
    CHECK(seconds_for(text) < 2.0);  // milliseconds, if nothing is quadratic
}

}  // namespace
}  // namespace baton::config
