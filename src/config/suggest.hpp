// suggest.hpp - what a word that is no keyword here was probably meant to be, and where a keyword belongs.
#pragma once

#include <span>
#include <string>

#include "config/blocks.hpp"
#include "config/lexer.hpp"

namespace baton::config {

/// "did you mean 'weight'?", for a line of `block` whose first word no block knows; empty when nothing is near.
std::string suggestion(Block block, std::span<const Word> words);

/// "it belongs inside TCP_CHECK { }": for a keyword that other blocks know and `block` does not.
std::string proper_place(Block block, std::string_view keyword);

}  // namespace baton::config
