// A program with a Boost of its own, which is not that of beastio even where the versions are
// equal: its flags differ. A timer and a thread pool of Asio, and a client of Beast, ask the
// server.
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "server.hpp"

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using beast::error_code;

namespace {

/// Asks for a session when it is woken by its timer.
class Client {
 public:
  Client(asio::io_context& context, std::uint16_t port)
      : timer_(context), stream_(context), server_(asio::ip::address_v4::loopback(), port) {}

  void start() {
    timer_.expires_after(std::chrono::milliseconds(10));
    timer_.async_wait([this](error_code error) {
      if (!error) connect();
    });
  }
  const std::string& body() const { return response_.body(); }

 private:
  void connect() {
    stream_.async_connect(server_, [this](error_code error) {
      if (!error) write();
    });
  }
  void write() {
    request_.set(http::field::host, "localhost");
    http::async_write(stream_, request_, [this](error_code error, std::size_t) {
      if (!error) http::async_read(stream_, buffer_, response_, [](error_code, std::size_t) {});
    });
  }

  asio::steady_timer timer_;
  tcp::socket stream_;
  tcp::endpoint server_;
  http::request<http::empty_body> request_{http::verb::get, kHandshake, 11};
  beast::flat_buffer buffer_;
  http::response<http::string_body> response_;
};

}  // namespace

int main() {
  const Server server;
  asio::io_context context;
  Client client(context, server.port());
  client.start();
  asio::thread_pool pool(1);
  asio::post(pool, [&context] { context.run(); });
  pool.join();
  std::cout << client.body() << "\n";
  const bool isOurs = shakeHands(server.port()).starts_with("HTTP/1.1 200 OK");
  return isOurs && client.body().starts_with("0{\"sid\":\"") ? EXIT_SUCCESS : EXIT_FAILURE;
}
