// show_route.hpp - routes and rules, each as one line.
#pragma once

#include "config/show.hpp"

namespace baton::config {

void show_virtual_routes(Printer& printer, const Keyword& keyword);
void show_static_routes(Printer& printer, const Keyword& keyword);
void show_virtual_rules(Printer& printer, const Keyword& keyword);
void show_static_rules(Printer& printer, const Keyword& keyword);

/// "10.0.0.0/8".
std::string as_network(const Network& network);
/// A number, or the name.
std::string as_identifier(const Identifier& identifier);
std::string as_realms(const Realms& realms);

/// The options of one line, one after the other.
class OptionLine {
 public:
  template <class... Parts>
  void add(const Parts&... parts) {
    if (!text_.empty()) text_ += ' ';
    text_ += concat(parts...);
  }
  void flag(bool is_set, std::string_view name) {
    if (is_set) add(name);
  }
  void text(std::string_view name, const std::string& value) {
    if (!value.empty()) add(name, " ", as_word(value));
  }
  template <class Number>
  void number(std::string_view name, const std::optional<Number>& value) {
    if (value) add(name, " ", +*value);
  }
  void digit(std::string_view name, const std::optional<bool>& value) {
    if (value) add(name, *value ? " 1" : " 0");
  }
  void identifier(std::string_view name, const std::optional<Identifier>& value) {
    if (value) add(name, " ", as_identifier(*value));
  }
  void address(std::string_view name, const std::optional<IpAddress>& value) {
    if (value) add(name, " ", value->to_string());
  }
  void network(std::string_view name, const std::optional<Network>& value) {
    if (value) add(name, " ", as_network(*value));
  }
  void realms(const std::optional<Realms>& value) {
    if (value) add("realms ", as_realms(*value));
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace baton::config
