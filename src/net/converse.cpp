#include "net/converse.hpp"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace baton::net {

namespace asio = boost::asio;

asio::awaitable<ProbeResult> converse(Exchange* exchange) {
  constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
  Exchange::Need need = exchange->start();
  while (need != Exchange::Need::nothing) {
    const auto direction = need == Exchange::Need::readable ? CheckSocket::wait_read : CheckSocket::wait_write;
    const auto [ec] = co_await exchange->socket().async_wait(direction, kAsTuple);
    need = exchange->proceed(ec);
  }
  co_return std::move(exchange->result());
}

}  // namespace baton::net
