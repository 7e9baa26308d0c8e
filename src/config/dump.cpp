#include "config/dump.hpp"

#include "config/printer.hpp"

namespace baton::config {

std::string dump(const Config& config) {
  Printer printer(config);
  printer.rows(Block::root);
  return printer.take();
}

}  // namespace baton::config
