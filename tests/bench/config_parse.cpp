// config_parse.cpp - how fast a text is parsed and checked, without the reading of it: bench_config FILE [TIMES].
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>

#include "config/parse.hpp"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s FILE [TIMES]\n", argv[0]);
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const long times = argc > 2 ? std::max(1L, std::strtol(argv[2], nullptr, 10)) : 1;
  double best = 1e9;
  int status = 0;
  for (long i = 0; i < times; ++i) {
    const std::clock_t start = std::clock();  // of the processor: others may share it
    status = baton::config::parse(text, argv[1]).diagnostics.exit_status();
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  std::printf("%s: status %d, %.1f MB in %.3f s, %.1f MB/s\n", argv[1], status, static_cast<double>(text.size()) / 1e6,
              best, static_cast<double>(text.size()) / 1e6 / best);
  return 0;
}
