#include "ctl/command_line.hpp"

int main(int argc, char** argv) {
  return baton::ctl::run(argc, argv);
}
