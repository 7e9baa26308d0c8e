#include "daemon/start.hpp"

int main(int argc, char** argv) {
  baton::daemon::start(argc, argv);
}
