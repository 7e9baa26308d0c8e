#include "config/argument.hpp"

#include <doctest/doctest.h>

namespace baton::config {
namespace {

TEST_CASE("grammars read as in the manual") {
  CHECK(none().grammar().empty());
  CHECK(boolean().grammar() == "[on|off|true|false|yes|no]");
  CHECK(integer(1, 255).grammar() == "<int:1-255>");
  CHECK(integer(0, 4294, "s").grammar() == "<int:0-4294 s>");
  CHECK(integer(0, kUnlimited).grammar() == "<int:0->");
  CHECK(optional(integer(1, 9)).grammar() == "[<int:1-9>]");
  CHECK(seconds(10'000, 255'000'000).grammar() == "<dec:0.01-255 s>");
  CHECK(address().grammar() == "<ip>");
  CHECK(word("MASTER|BACKUP").grammar() == "MASTER|BACKUP");
  CHECK(text("<ip> [<port>]").grammar() == "<ip> [<port>]");
  CHECK(script().grammar() == "<\"command arguments\"|word> [<user> [<group>]]");
  CHECK(block("<name>").grammar() == "<name> { }");
  CHECK(block().grammar() == "{ }");
  CHECK(list("<address>").grammar() == "{ <address> }");
}

TEST_CASE("ranges read as in a diagnostic") {
  CHECK(integer(1, 255).range() == "1 to 255");
  CHECK(integer(1, kUnlimited, "s").range() == "1 or more s");
  CHECK(seconds(1, 4'294'967'295).range() == "0.000001 to 4294.967295 s");
  CHECK(seconds(0, kUnlimitedSeconds).range() == "0 or more s");
}

TEST_CASE("how many words must follow, and how many may") {
  CHECK(none().fewest() == 0);
  CHECK(none().most() == 0);
  CHECK(boolean().fewest() == 0);
  CHECK(boolean().most() == 1);
  CHECK(integer(1, 2).fewest() == 1);
  CHECK(integer(1, 2).most() == 1);
  CHECK(optional(integer(1, 2)).fewest() == 0);
  CHECK(script().fewest() == 1);
  CHECK(script().most() > 1000);
  CHECK(block().fewest() == 0);
  CHECK(block().most() == 0);
  CHECK(block("<name>").fewest() == 1);
  CHECK(list("<ip>").fewest() == 0);
  CHECK(list("<ip>").has_block());
  CHECK(block().has_block());
  CHECK_FALSE(word("x").has_block());
}

TEST_CASE("the words of a choice") {
  CHECK(word("TCP|UDP|SCTP").choices() == std::vector<std::string_view>{"TCP", "UDP", "SCTP"});
  CHECK(word("one").choices() == std::vector<std::string_view>{"one"});
}

TEST_CASE("millionths as decimals") {
  CHECK(decimal(0) == "0");
  CHECK(decimal(1) == "0.000001");
  CHECK(decimal(1'500'000) == "1.5");
  CHECK(decimal(255'000'000) == "255");
  CHECK(decimal(-2'050'000) == "-2.05");
}

TEST_CASE("marks are kept by copies") {
  constexpr Argument kMarked = repeated(lenient(integer(1, 2)));
  static_assert(kMarked.may_repeat && kMarked.is_lenient && !kMarked.is_optional);
  CHECK(kMarked.minimum == 1);
}

}  // namespace
}  // namespace baton::config
