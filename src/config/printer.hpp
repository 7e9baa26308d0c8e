// printer.hpp - a Config to text: each row of the keyword table prints what the objects hold of its keyword.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/blocks.hpp"
#include "config/builder.hpp"
#include "config/model.hpp"

namespace baton::config {

class Printer {
 public:
  explicit Printer(const Config& config) : config_(config) {
    objects_.emplace_back(&kTag<Config>, &config);
    objects_.emplace_back(&kTag<DaemonDefs>, &config.daemon);
  }

  [[nodiscard]] const Config& config() const { return config_; }

  /// The object of this type whose block is being printed; there must be one.
  template <class T>
  [[nodiscard]] const T& current() const {
    return *static_cast<const T*>(find(&kTag<T>));
  }

  template <class... Parts>
  void line(const Parts&... parts) {
    out_ += std::string(depth_ * kIndent, ' ') + concat(parts...) + "\n";
  }
  template <class... Parts>
  void open(const Parts&... parts) {
    line(parts..., " {");
    ++depth_;
  }
  void close() {
    --depth_;
    line("}");
  }

  /// `header {`, the rows of `block` in the table's order, `}`.  The rows print from `objects`.
  template <class... Objects>
  void block(std::string_view header, Block block, const Objects&... objects) {
    open(header);
    const std::size_t before = objects_.size();
    (objects_.emplace_back(&kTag<Objects>, &objects), ...);
    rows(block);
    objects_.resize(before);
    close();
  }
  void rows(Block block);

  /// One line of a list: `first`, and what the rows of `block` add to it by option().  They print from `object`.
  template <class Object>
  void entry(std::string_view first, Block block, const Object& object) {
    entry_ = first;
    objects_.emplace_back(&kTag<Object>, &object);
    rows(block);
    objects_.pop_back();
    line(entry_);
  }
  template <class... Parts>
  void option(const Parts&... parts) {
    entry_ += " " + concat(parts...);
  }

  std::string take() { return std::move(out_); }

 private:
  static constexpr std::size_t kIndent = 4;
  template <class T>
  static constexpr char kTag = 0;  // its address names the type

  [[nodiscard]] const void* find(const void* tag) const;

  const Config& config_;
  std::vector<std::pair<const void*, const void*>> objects_;  // type and object, innermost last
  std::string out_;
  std::string entry_;  // the line of entry()
  std::size_t depth_ = 0;
};

/// In double quotes unless it reads as one plain word.
std::string as_word(std::string_view text);
/// A name at the beginning of a line of a list: in quotes, too, when it could be taken for a keyword.
std::string as_entry(std::string_view name);
/// "1.5": a time as the configuration writes it, in seconds.
std::string in_seconds(Duration duration);
/// The command in double quotes, its user and its group: what follows the keyword of a script line.
std::string as_script_line(const Script& script);

}  // namespace baton::config
