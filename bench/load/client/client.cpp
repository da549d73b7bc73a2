// The handshake, packet by packet.
#include "client/client.hpp"

#include "error.hpp"
#include "transports/polling-transport.hpp"
#include "transports/upgrading-transport.hpp"
#include "transports/websocket-transport.hpp"

namespace load {
namespace {

constexpr std::string_view kRoomEntered = "42[\"joined\"]";

std::unique_ptr<Transport> makeTransport(std::size_t index, const Settings& settings,
                                         const TlsContext* tls) {
  if (settings.transport == "polling") {
    return std::make_unique<PollingTransport>(settings.port, tls);
  }
  const auto seed = static_cast<std::uint32_t>(index);
  if (settings.transport == "upgrade") {
    return std::make_unique<UpgradingTransport>(settings.port, tls, settings.deflate, seed);
  }
  return std::make_unique<WebSocketTransport>(settings.port, tls, settings.deflate, seed);
}

}  // namespace

std::string namespacePrefix(std::size_t number) {
  return number == 0 ? std::string() : "/n" + std::to_string(number) + ",";
}

/// Does some work; its errors then say which client they are of.
template <typename Work>
auto Client::named(Work work) const {
  try {
    return work();
  } catch (const LoadError& error) {
    throw LoadError("client " + std::to_string(index_) + ": " + error.what());
  }
}

Client::Client(std::size_t index, const Settings& settings, const TlsContext* tls,
               EventSink& events)
    : index_(index),
      namespaces_(settings.namespaces),
      room_(settings.rooms == 0 ? std::string() : "r" + std::to_string(index % settings.rooms)),
      events_(events),
      transport_(named([&] { return makeTransport(index, settings, tls); })) {}

void Client::send(std::string_view packet, std::string_view attachment) {
  named([&] {
    transport_->sendText(packet);
    if (!attachment.empty()) transport_->sendBinary(attachment);
  });
}

void Client::flush() {
  named([&] { transport_->flush(); });
}

void Client::receive(std::size_t which, std::span<char> buffer) {
  named([&] { transport_->receive(which, buffer, *this); });
}

void Client::onText(std::string_view packet, Clock::time_point now) {
  if (packet == "2" && stage_ != Stage::kOpening) {
    transport_->sendText("3");
    events_.onHeartbeat(index_, now);
  } else if (stage_ == Stage::kReady && packet.starts_with('4')) {
    events_.onEvent(index_, packet, now);
  } else if (stage_ == Stage::kOpening && packet.starts_with("0{")) {
    onOpen();
  } else if (stage_ == Stage::kJoining && packet.starts_with("40")) {
    onJoined(packet);
  } else if (stage_ == Stage::kEntering && packet == kRoomEntered) {
    stage_ = Stage::kReady;
  } else {
    throw LoadError("got an unexpected packet " + shown(packet));
  }
}

void Client::onBinary(std::string_view bytes, Clock::time_point now) {
  if (stage_ != Stage::kReady) throw LoadError("got an attachment without an event");
  events_.onAttachment(index_, bytes, now);
}

void Client::onOpen() {
  for (std::size_t i = 0; i < namespaces_; ++i) {
    transport_->sendText("40" + namespacePrefix(i));
  }
  stage_ = Stage::kJoining;
}

void Client::onJoined(std::string_view packet) {
  if (!packet.substr(2).starts_with(namespacePrefix(joined_) + "{")) {
    throw LoadError("got " + shown(packet) + " for joining a namespace");
  }
  if (++joined_ < namespaces_) return;
  if (room_.empty()) {
    stage_ = Stage::kReady;
  } else {
    transport_->sendText("42[\"join\",\"" + room_ + "\"]");
    stage_ = Stage::kEntering;
  }
}

}  // namespace load
