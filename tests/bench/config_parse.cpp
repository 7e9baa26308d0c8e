// config_parse.cpp - how fast a file is parsed and checked, in one process and without the reading: `bench_config FILE [TIMES]`.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
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
  using Clock = std::chrono::steady_clock;
  auto best = Clock::duration::max();
  int status = 0;
  for (long i = 0; i < times; ++i) {
    const auto start = Clock::now();
    status = baton::config::parse(text, argv[1]).diagnostics.exit_status();
    best = std::min(best, Clock::now() - start);
  }
  const double seconds = std::chrono::duration<double>(best).count();
  std::printf("%s: status %d, %.1f MB in %.3f s, %.1f MB/s\n", argv[1], status, static_cast<double>(text.size()) / 1e6,
              seconds, static_cast<double>(text.size()) / 1e6 / seconds);
  return 0;
}
