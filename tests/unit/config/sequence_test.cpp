#include "config/sequence.hpp"

#include <doctest/doctest.h>

namespace baton::config {
namespace {

std::string values(std::string_view word, std::string_view arguments) {
  const auto sequence = Sequence::parse(word, arguments);
  if (!sequence) return "error: " + sequence.error().message;
  std::string text;
  for (std::uint64_t i = 0; i < sequence->count(); ++i)
    for (std::size_t variable = 0; variable < sequence->names().size(); ++variable)
      text += sequence->value(i, variable) + " ";
  return text;
}

TEST_CASE("numbers from one to another") {
  CHECK(values("SEQ", "i,5") == "1 2 3 4 5 ");
  CHECK(values("SEQ", "i,-3") == "-1 -2 -3 ");
  CHECK(values("SEQ", "i,0") == "1 0 ");
  CHECK(values("SEQ", "i,3,1") == "3 2 1 ");
  CHECK(values("SEQ", " i , 10 , -5 , 1 ") == "10 5 ");
  CHECK(values("SEQ", "i,1,2,7") == "1 3 5 7 ");
  CHECK(values("SEQ", "i,-2,+2") == "-2 -1 0 1 2 ");
  CHECK(values("SEQ", "i,5,5") == "5 ");
  CHECK(values("SEQ", "i,0x10,0x12") == "16 17 18 ");
  CHECK(values("SEQ", "i,010,012") == "8 9 10 ");  // octal, as keepalived reads it
  CHECK(values("SEQx", "i,8,12") == "8 9 a b c ");
}

TEST_CASE("numbers that make no sequence") {
  CHECK(values("SEQ", "i") == "error: it takes a variable and one to three numbers");
  CHECK(values("SEQ", "i,1,2,3,4") == "error: it takes a variable and one to three numbers");
  CHECK(values("SEQ", "i,a,b") == "error: 'a' is no number that 32 bits hold");
  CHECK(values("SEQ", "i,08,9") == "error: '08' is no number that 32 bits hold");
  CHECK(values("SEQ", "i,1,99999999999") == "error: '99999999999' is no number that 32 bits hold");
  CHECK(values("SEQ", "i,1,0,5") == "error: steps of 0 never lead from 1 to 5");
  CHECK(values("SEQ", "i,1,-1,5") == "error: steps of -1 never lead from 1 to 5");
  CHECK(values("SEQx", "i,-2,2") == "error: hexadecimal numbers have no sign");
  CHECK(values("SEQ", "2i,1,2") == "error: the first argument must be the name of a variable");
  CHECK(values("SEQ", "") == "error: the first argument must be the name of a variable");
}

TEST_CASE("the extremes of the numbers") {
  CHECK(Sequence::parse("SEQ", "i,-4294967295,4294967295")->count() == 8'589'934'591U);
  CHECK(values("SEQ", "i,4294967294,5,4294967295") == "4294967294 ");
}

TEST_CASE("words") {
  CHECK(values("LST", "v,a, b ,c") == "a b c ");
  CHECK(values("LST", "{a, b},{1,2},{3,4}") == "1 2 3 4 ");
  CHECK(values("LST", "{a,b},{1,2},{3},5") == "1 2 3  5  ");
  CHECK(values("LST", "v,") == " ");
  CHECK(values("LST", "v") == "error: it takes a variable and at least one value");
  CHECK(values("LST", "v,a b") == "error: a value cannot hold a blank");
  CHECK(values("LST", "{},a") == "error: the first argument must be the name of a variable");
}

TEST_CASE("where the parentheses stand") {
  CHECK(sequence_header("~SEQ(i,1,2) x")->end == 11);
  CHECK(sequence_header("~SEQx (i) x")->word == "SEQx");
  CHECK(sequence_header("~LST(i)")->arguments == 5);
  for (const char* text : {"~SEQ i", "~SEQ(i,1", "~SEQX(i)", "~FOO(i)", "SEQ(i)", ""})
    CHECK_FALSE(sequence_header(text).has_value());
}

TEST_CASE("a repetition tells where it is") {
  CHECK(Sequence::parse("SEQ", "i,1,9")->description(2) == "~SEQ, where i is 3");
  CHECK(Sequence::parse("LST", "{a,b},{1,2}")->description(0) == "~LST, where a is 1 and b is 2");
}

}  // namespace
}  // namespace baton::config
