// dns_server.hpp - a name server on the loopback, for tests: says what the test says.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "checkers/pool_lookup.hpp"
#include "checkers/spec.hpp"

namespace baton::net {

class DnsServer {
 public:
  /// None: it keeps silent.
  using Answer = std::function<std::optional<std::string>(const checkers::DnsQuestion&)>;

  DnsServer(boost::asio::io_context& io, Answer answer)
      : answer_(std::move(answer)),
        // TCP chooses the port, of whose numbers more are taken, by connections too.
        acceptor_(io, boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
        socket_(io, boost::asio::ip::udp::endpoint(boost::asio::ip::address_v4::loopback(), port())),
        stream_(io) {
    receive();
    accept();
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  [[nodiscard]] checkers::Endpoint endpoint() const { return {*IpAddress::parse("127.0.0.1"), port()}; }
  /// Over TCP.
  [[nodiscard]] int connections() const { return connections_; }
  /// How often it was asked.
  [[nodiscard]] int asked(const checkers::DnsQuestion& question) const {
    const auto found = asked_.find(question);
    return found == asked_.end() ? 0 : found->second;
  }
  [[nodiscard]] int asked() const {
    int all = 0;
    for (const auto& [question, count] : asked_)
      all += count;
    return all;
  }

 private:
  void receive() {
    socket_.async_receive_from(boost::asio::buffer(query_), from_, [this](const auto& error, std::size_t length) {
      if (error) return;
      respond(length);
      receive();
    });
  }

  /// One connection at a time, one question of each, with its length before it.
  void accept() {
    acceptor_.async_accept(stream_, [this](const auto& error) {
      if (error) return;
      ++connections_;
      boost::asio::async_read(stream_, boost::asio::buffer(query_.data(), 2), [this](const auto& broken, std::size_t) {
        if (broken) return;
        const auto length = static_cast<std::size_t>(static_cast<unsigned char>(query_[1]));
        boost::asio::read(stream_, boost::asio::buffer(query_.data(), length));
        if (const auto octets = answer(length)) {
          const std::array<char, 2> size{static_cast<char>(octets->size() >> 8U),
                                         static_cast<char>(octets->size() & 0xffU)};
          boost::asio::write(stream_, boost::asio::buffer(size));
          boost::asio::write(stream_, boost::asio::buffer(*octets));
        }
        stream_.close();
        accept();
      });
    });
  }

  void respond(std::size_t length) {
    auto octets = answer(length);
    if (!octets) return;
    constexpr std::size_t kLargest = 1232;
    if (octets->size() > kLargest) {
      octets->resize(kLargest);
      (*octets)[2] = static_cast<char>((*octets)[2] | 2);  // TC
    }
    socket_.send_to(boost::asio::buffer(*octets), from_);
  }

  std::optional<std::string> answer(std::size_t length) {
    checkers::DnsQuestion question;
    std::size_t at = 12;
    while (at < length && query_[at] != 0) {
      const auto size = static_cast<unsigned char>(query_[at]);
      question.name += (question.name.empty() ? "" : ".") + std::string(&query_[at + 1], size);
      at += size + 1U;
    }
    question.type = static_cast<checkers::DnsType>(query_[at + 2]);
    ++asked_[question];
    auto octets = answer_(question);
    if (octets) octets->replace(0, 2, query_.data(), 2);
    return octets;
  }

  Answer answer_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::ip::udp::socket socket_;
  boost::asio::ip::udp::endpoint from_;
  boost::asio::ip::tcp::socket stream_;
  int connections_ = 0;
  std::array<char, 512> query_{};
  std::map<checkers::DnsQuestion, int> asked_;
};

}  // namespace baton::net
