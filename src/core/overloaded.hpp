// overloaded.hpp - one visitor out of several lambdas.
#pragma once

namespace baton {

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};

template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;  // clang-tidy 14 needs the guide

}  // namespace baton
