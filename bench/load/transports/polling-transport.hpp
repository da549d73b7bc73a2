// Engine.IO over HTTP long-polling, on two connections that are kept alive. One always has a GET
// under way, the other a POST whenever there is something to send. Text packets only. Bound: the
// workload's messages in flight.
#pragma once

#include <array>
#include <string>

#include "transports/http-response.hpp"
#include "transports/transport.hpp"

namespace load {

class PollingTransport final : public Transport {
 public:
  PollingTransport(std::uint16_t port, const TlsContext* tls);

  std::size_t socketCount() const override { return lines_.size(); }
  Socket& socket(std::size_t which) override { return lines_[which].socket; }
  void sendText(std::string_view packet) override;
  void sendBinary(std::string_view bytes) override;
  void flush() override;
  void receive(std::size_t which, std::span<char> buffer, PacketSink& sink) override;

  /// The session's id; empty until the handshake is answered.
  const std::string& sid() const { return sid_; }
  /// Asks for no more answers. Order: paused() once those that are due have come.
  void pause() { pausing_ = true; }
  bool paused() const { return pausing_ && !getting_ && !posting_ && queued_.empty(); }

 private:
  struct Line {
    Socket socket;
    std::string incoming;  // the head of a response whose rest has not arrived
  };

  void onResponse(std::size_t which, const HttpResponse& response, PacketSink& sink,
                  Clock::time_point now);
  void sendGet();
  void sendPost();

  std::array<Line, 2> lines_;
  std::string target_ = "/socket.io/?EIO=4&transport=polling";
  std::string sid_;       // part of the target from the handshake on
  bool getting_ = false;  // a GET has no answer yet
  bool posting_ = false;  // a POST has none
  bool pausing_ = false;
  std::string queued_;  // packets for the next POST
};

}  // namespace load
