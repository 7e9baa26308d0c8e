#include "config/preprocessor.hpp"

#include <doctest/doctest.h>

#include "unit/config/preprocessing.hpp"

namespace baton::config {
namespace {

TEST_CASE("a text without a directive has nothing for the preprocessor") {
  CHECK_FALSE(has_directives(""));
  CHECK_FALSE(has_directives("vrrp_instance A {\n  state MASTER # 5 $ a\n}\n"));
  CHECK_FALSE(has_directives("notification_email {\n  a@b.c\n}\nx includes ~y $ 5$\n"));
  for (const char* text : {"$A=1", "x ${A}", "x $A", "  @node1 x", "\n@x", "a { @x y }", "~SEQ(i,1,2) x", "include a",
                           "x\n\t includea b", "} include c"})
    CHECK_MESSAGE(has_directives(text), text);
}

TEST_CASE("what is no directive stays octet for octet") {
  const std::string text = "vrrp_instance A {\n\tx  y # ${A} ~SEQ(i,1\n!\n} \n\"$A=1\" foo\n$AA =x\n$1A=x\n$\n$$\n";
  CHECK(expansion("@node2 x\n" + text) == text);
  CHECK(expansion("include_check x\nincluded y\n@node2\nw\\#z \"a # $b\"\n") ==
        "include_check x\nincluded y\nw\\#z \"a # $b\"\n");
}

TEST_CASE("a definition stands for the rest of its line without comment and blanks") {
  CHECK(expansion("$A=one\nw_$A x\nw_${A}_${A}\n") == "w_one x\nw_one_one\n");
  CHECK(expansion("  $A=  two words \t# comment\nx${A}y\n") == "xtwo wordsy\n");
  CHECK(expansion("$A=\ne_${A}_x\n") == "e__x\n");
  CHECK(expansion("$A=\"q # r\"\nx $A") == "x \"q # r\"\n");
  CHECK(expansion("$A=x\\#y\n$A\n") == "x\\#y\n");
  CHECK(expansion("$A=1\r\nx ${A}\r\n") == "x 1\r\n");
}

TEST_CASE("without braces a name must be followed by a blank or the end") {
  CHECK(expansion("$A=one\nw $A\n$A\tx\n$A # c\n") == "w one\none\tx\none # c\n");
  const Preprocessed done = preprocessed({{"main", "$A=one\nw_$A.more $A_more\n$B=2\n"}});
  CHECK(done.text == "w_$A.more $A_more\n");
  CHECK(places(done.diagnostics) == "main:2:3 '$A' is not replaced, as no blank follows it\n");
  CHECK(done.diagnostics.exit_status() == 0);
}

TEST_CASE("a value is expanded when it is used, and may be given anew") {
  CHECK(expansion("$R=${A}.${B}\n$A=1\n$B=2\nx${R}\n$B=3\nx${R}\n") == "x1.2\nx1.3\n");
  CHECK(expansion("$B=10.${SUB}\n$SUB=$C\n$C=7\ny_${B}\n") == "y_10.7\n");
  CHECK(expansion("$K=key\n$K {\nz${K}{\n}\n") == "key {\nzkey{\n}\n");
}

TEST_CASE("references in double quotes are replaced, and left alone when nothing stands for them") {
  CHECK(expansion("$A=1\nx \"${A} b\" \"${HOME} $A b\"\n") == "x \"1 b\" \"${HOME} 1 b\"\n");
  CHECK(expansion("$A=1\nscript \"echo \\\"${A} # ${A}\\\" ${B}\"\n") == "script \"echo \\\"1 # 1\\\" ${B}\"\n");
}

TEST_CASE("a reference in a comment is none") {
  CHECK(expansion("$A=1\nx # ${A} ${NO}\n! ${NO}\ny ${A}#${NO}\n") == "x # ${A} ${NO}\n! ${NO}\ny 1#${NO}\n");
}

TEST_CASE("a value of several lines is several lines of the configuration") {
  CHECK(expansion("$M=m1 \\\n   m2 \\ \nm3\np $M\n~SEQ(i,1,2) $M\n") == "p m1\nm2\nm3\nm1\nm2\nm3\nm1\nm2\nm3\n");
  CHECK(expansion("$M= \\\nm1 # comment \\\n# comment line \\\nm2\nx_${M}\n") == "x_m1\nm2\n");
  CHECK(expansion("$E= \\\ne1 \\\n\ne2\n$E\n") == "e2\ne1\n");
  CHECK(expansion("$N=${M}\n$M= \\\nn1 \\\nn2\n${N}\nx\n") == "n1\nn2\nx\n");
  CHECK(expansion("$O=a \\\n$I \\\nb\n$I=i${V} \\\nj\n$V=9\n$O\nend\n") == "a\ni9\nj\nb\nend\n");
  CHECK(expansion("$X=a \\") == "");
}

TEST_CASE("definitions and conditions inside a value act when it is used") {
  CHECK(expansion("$VS= \\\n$N=1 \\\n$RS \\\n$N=2 \\\n$RS\n$RS=real ${N}\n$VS\n") == "real 1\nreal 2\n");
  CHECK(expansion("$M= \\\n@node1 a \\\n@^node1 b \\\nc\n$M\n") == "a\nc\n");
}

TEST_CASE("a line with a condition is for one configuration id, or for every other") {
  CHECK(expansion("@node1 a\n@node2 b\n@^node2 c\n@^node1 d\n  @node1   e { f }\n") == "a\nc\ne { f }\n");
  CHECK(expansion("@node1\n@ x\n@^ y\n@node1,node2 z\n") == "y\n");
  CHECK(expansion("@node1 @node1 x\n") == "@node1 x\n");  // the second is a keyword
  CHECK(expansion("@node2 $A=2\n@node1 $A=1\nx${A}\n") == "x1\n");
  CHECK(expansion("@node2 $A= \\\na \\\nb\nx\n") == "x\n");
  CHECK(expansion("$C=@node1\n$C x\n$C=@node2\n$C y\n$C ${NO}\n") == "x\n");
}

TEST_CASE("a value may be a directive") {
  CHECK(expansion("$D=$Z=zed\n$D\nz_${Z}\n") == "z_zed\n");
  CHECK(expansion("$S=~SEQ(k,3,4) s${k}\n$S\n") == "s3\ns4\n");
  CHECK(expansion("$C=@node1\n$C ~SEQ(k,1,2) c${k}\n") == "c1\nc2\n");
  CHECK(expansion("$i=2\n$V${i}=x\nv_${V2}_\n") == "v_x_\n");
}

TEST_CASE("a line is repeated with numbers or words") {
  CHECK(expansion("~SEQ(i,1,3) s${i} $i x\n") == "s1 1 x\ns2 2 x\ns3 3 x\n");
  CHECK(expansion("$A=2\n$B=3\n~SEQ(i,$A,$B) s${i}\n~LST(i, $A, x) l${i}\n") == "s2\ns3\nl2\nlx\n");
  CHECK(expansion("~SEQ(i,1,3) ~SEQ(j,${i},3) ${i}_${j}\n") == "1_1\n1_2\n1_3\n2_2\n2_3\n3_3\n");
  CHECK(expansion("~LST({a,b},{1,2},{3,4}) ~SEQ(i,1,2) ${a}${b}${i}\n") == "121\n122\n341\n342\n");
  CHECK(expansion("~SEQ(k,1,2) @node1 a${k}\n~SEQ(k,1,2) @^node1 b${k}\n@node1 ~SEQ(k,7,8) c${k}\n") ==
        "a1\na2\nc7\nc8\n");
  CHECK(expansion("~SEQ(i,1,2) $V${i}=v${i}\n${V1} ${V2}\n") == "v1 v2\n");
  CHECK(expansion("~SEQ(i,1,3) x${i}\ni is $i\n") == "x1\nx2\nx3\ni is 3\n");  // as keepalived leaves it
  CHECK(expansion("~SEQ(i,1,2)\n~SEQ(i,1,2) # x\ny\n") == "y\n");
}

TEST_CASE("what follows a brace is a line of its own") {
  CHECK(expansion("a { @node1 b }\nc { @node2 d }\ne { $A=4\nf ${A} }\n") == "a { \nb }\nc { \ne { \nf 4 }\n");
  CHECK(expansion("a { ~SEQ(i,1,2) b${i}\n}\n") == "a { \nb1\nb2\n}\n");
}

TEST_CASE("the names that are always there") {
  CHECK(expansion("x ${_INSTANCE} $_PWD y\n") == "x node1 /etc y\n");
  CHECK(expansion("x ${_RANDOM} ${_RANDOM 10} ${_RANDOM 3 3}_x ${_RANDOM 1 4}\n") == "x 12 22 3_x 1\n");
  CHECK(expansion("x_${_ENV SITE}_${_ENV NOSUCH}_y\n") == "x_paris__y\n");
  CHECK(expansion("\"q${_HASH}t${_BANG}\" q${_HASH}t ${NO}\n") == "\"q#t!\" q#t ${NO}\n");
  CHECK(expansion("$_PWD=mine\nx_${_PWD}\n") == "x_mine\n");
}

TEST_CASE("a name that nothing stands for is told once, with the nearest") {
  const Preprocessed done = preprocessed({{"main", "$PRIORITY=7\nx { ${PRIORTY} a\n}\ny ${} ${a b} ${X:-5}\n"}});
  CHECK(done.diagnostics.render(done.diagnostics.all().at(0)) ==
        "main:2:5: error: 'PRIORTY' is not defined: the line is ignored\n"
        "  2 | x { ${PRIORTY} a\n"
        "    |     ^~~~~~~~~~\n"
        "    = did you mean 'PRIORITY'?\n");
  CHECK(places(done.diagnostics).find("main:4:3 '${}' is no reference") != std::string::npos);
  CHECK(places(done.diagnostics).find("main:4:7 '${a b}' is no reference") != std::string::npos);
  CHECK(places(done.diagnostics).find("main:4:14 '${X:-5}' is no reference") != std::string::npos);
  CHECK(done.diagnostics.exit_status() == 5);
  const Preprocessed random = preprocessed({{"main", "x ${_RANDOM 5 2}\n${_RANDOM a}\n${_RANDOM 1 2 3}\n${_ENV}\n"}});
  CHECK(random.diagnostics.all().size() == 4);
}

TEST_CASE("the braces of an unknown name do not act as those of a block") {
  const Parsed parsed = load(files_of({{"main",
                                        "vrrp_instance A {\ninterface eth0\npriority ${P}\nvirtual_router_id 1\n"
                                        "virtual_ipaddress {\n192.0.2.1\n}\n}\n"}}),
                             node1(), "main")
                            .parsed;
  CHECK(places(parsed.diagnostics) == "main:3:10 'P' is not defined: the line is ignored\n");
  REQUIRE(parsed.config.vrrp_instances.size() == 1);
  CHECK(parsed.config.vrrp_instances[0].virtual_addresses.size() == 1);
}

}  // namespace
}  // namespace baton::config
