// The upgrade, step by step, in the order of socket.io-client.
#include "transports/upgrading-transport.hpp"

#include <utility>

#include "error.hpp"

namespace load {
namespace {

constexpr std::string_view kProbe = "2probe";
constexpr std::string_view kProbeAnswer = "3probe";
constexpr std::string_view kUpgrade = "5";
constexpr std::string_view kNoop = "6";  // ends the GET that would delay the upgrade

}  // namespace

UpgradingTransport::UpgradingTransport(std::uint16_t port, const TlsContext* tls, bool deflate,
                                       std::uint32_t seed)
    : port_(port), tls_(tls), deflate_(deflate), seed_(seed), polling_(port, tls) {}

std::size_t UpgradingTransport::socketCount() const {
  return polling_.socketCount() + (webSocket_ ? 1 : 0);
}

Socket& UpgradingTransport::socket(std::size_t which) {
  return which < polling_.socketCount() ? polling_.socket(which) : webSocket_->socket(0);
}

void UpgradingTransport::sendText(std::string_view packet) {
  if (stage_ == Stage::kUpgraded) {
    webSocket_->sendText(packet);
  } else if (stage_ == Stage::kPausing) {
    held_.emplace_back(packet);
  } else {
    polling_.sendText(packet);
  }
}

void UpgradingTransport::sendBinary(std::string_view bytes) {
  if (stage_ != Stage::kUpgraded) throw LoadError("this client sends no binary packets by polling");
  webSocket_->sendBinary(bytes);
}

void UpgradingTransport::flush() {
  polling_.flush();
  if (webSocket_) webSocket_->flush();
}

void UpgradingTransport::receive(std::size_t which, std::span<char> buffer, PacketSink& sink) {
  sink_ = &sink;
  fromPolling_ = which < polling_.socketCount();
  if (fromPolling_) {
    polling_.receive(which, buffer, *this);
  } else {
    webSocket_->receive(0, buffer, *this);
  }
  advance();
}

void UpgradingTransport::onText(std::string_view packet, Clock::time_point now) {
  if (fromPolling_) {
    if (packet != kNoop) sink_->onText(packet, now);
  } else if (stage_ == Stage::kUpgraded) {
    sink_->onText(packet, now);
  } else if (stage_ == Stage::kProbing && packet == kProbeAnswer) {
    polling_.pause();
    stage_ = Stage::kPausing;
  } else {
    throw LoadError("got " + shown(packet) + " on a WebSocket that is not in use yet");
  }
}

void UpgradingTransport::onBinary(std::string_view bytes, Clock::time_point now) {
  sink_->onBinary(bytes, now);
}

void UpgradingTransport::advance() {
  if (stage_ == Stage::kOpening && !polling_.sid().empty()) {
    webSocket_.emplace(port_, tls_, deflate_, seed_, polling_.sid());
    stage_ = Stage::kConnecting;
  }
  if (stage_ == Stage::kConnecting && webSocket_->open()) {
    webSocket_->sendText(kProbe);
    stage_ = Stage::kProbing;
  }
  if (stage_ == Stage::kPausing && polling_.paused()) {
    webSocket_->sendText(kUpgrade);
    for (const std::string& packet : std::exchange(held_, {})) webSocket_->sendText(packet);
    stage_ = Stage::kUpgraded;
  }
}

}  // namespace load
