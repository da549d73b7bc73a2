// An EngineHandler that writes every call down as one line, e.g. "close transport close", and
// lets a test wait for one. Runs on: any thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "beastio/host/handler.hpp"
#include "beastio/host/port-events.hpp"
#include "beastio/host/reply.hpp"
#include "beastio/message.hpp"
#include "beastio/names.hpp"
#include "support/peer.hpp"

namespace beastio::test {

inline std::string_view nameOf(TransportName transport) {
  switch (transport) {
    case TransportName::kPolling:
      return "polling";
    case TransportName::kWebSocket:
      return "websocket";
    case TransportName::kWebTransport:
      return "webtransport";
  }
  return {};
}

class RecordingHandler : public EngineHandler {
 public:
  static constexpr std::chrono::seconds kPatience{20};

  void onOpen(const OpenedSession& session) override {
    const std::lock_guard lock(mutex_);
    opened_.push_back({session.id, std::string(session.sid), session.request});
    if (session.own != nullptr) {
      opened_.back().header = session.own->header;
      opened_.back().peer = session.own->peer;
    }
    add("open " + std::string(nameOf(session.transport)));
  }
  void onMessage(SessionId, const Message& message) override {
    const std::lock_guard lock(mutex_);
    if (quiet_) {
      ++messages_;
      keep(message.data.size());
      changed_.notify_all();
      return;
    }
    add((message.binary ? "binary " : "text ") + std::string(message.data));
  }
  void onHeartbeat(SessionId) override { record("heartbeat"); }
  void onUpgrading(SessionId, TransportName to, RequestId request) override {
    record("upgrading to " + std::string(nameOf(to)) + " " + std::to_string(request));
  }
  void onUpgrade(SessionId, TransportName to, RequestId request) override {
    record("upgrade to " + std::string(nameOf(to)) + " " + std::to_string(request));
  }
  void onUpgradeAbandoned(SessionId, RequestId request) override {
    record("abandoned " + std::to_string(request));
  }
  void onDrain(SessionId, unsigned) override { record("drain"); }
  void onClose(SessionId, CloseReason reason, std::string_view description) override {
    std::string line = "close " + std::string(toString(reason));
    if (!description.empty()) line.append(": ").append(description);
    record(line);
  }
  void onReply(RequestId request, const Reply& reply) override {
    record("response " + std::to_string(request) + " " + std::to_string(reply.status) + " " +
           std::string(reply.body));
  }
  void onVerified(RequestId request) override { record("verified " + std::to_string(request)); }
  void onRefused(const RefusedRequest& refused) override {
    record("refused " + std::to_string(refused.request) + " " + std::string(refused.message));
  }
  void onConnectionGone(RequestId request) override { record("gone " + std::to_string(request)); }
  void onStreamData(RequestId stream, std::string_view bytes) override {
    const std::lock_guard lock(mutex_);
    written_[stream].append(bytes);
    changed_.notify_all();
  }
  void onStreamEnd(RequestId stream, bool immediately) override {
    record("stream end " + std::to_string(stream) + (immediately ? " now" : ""));
  }
  void onStreamTaken(RequestId stream, std::size_t bytes) override {
    record("stream taken " + std::to_string(stream) + " " + std::to_string(bytes));
  }
  bool onConnection(int descriptor, std::string_view bytes, std::uint32_t line) override {
    const std::lock_guard lock(mutex_);
    connections_.emplace_back(descriptor);
    addressLines_.push_back(line);
    add("connection " + std::string(bytes));
    return true;
  }
  void onTlsConnection(const TlsConnection& connection) override {
    const std::lock_guard lock(mutex_);
    tlsConnections_.push_back(connection);
    tlsConnections_.back().bytes = {};
    add("tls connection " + std::string(connection.bytes));
  }
  void onHandshakeFailed(const FailedHandshake& failed) override {
    record("handshake failed: " + std::string(failed.error));
  }
  void onStreamDrain(RequestId stream, std::size_t bytes) override {
    record("stream drain " + std::to_string(stream) + " " + std::to_string(bytes));
  }
  void onPortIdle() override { record("port idle"); }
  Kept kept() const override {
    const std::lock_guard lock(mutex_);
    return {.bytes = kept_};
  }
  bool onBatchEnd() override {
    const std::lock_guard lock(mutex_);
    pausedAtBatchEnd_ = full_;
    changed_.notify_all();
    return !full_;
  }

  struct Opened {
    SessionId id{};
    std::string sid{};
    RequestId request = 0;
    std::string header{};  ///< of a handshake on the own port, as `peer`
    Endpoint peer{};
  };

  /// Waits until `condition`, which may use the unlocked accessors below. Returns whether it came.
  bool await(const std::function<bool()>& condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, condition);
  }
  bool awaitLine(std::string_view line) {
    return await([&] { return countOf(line) > 0; });
  }
  bool awaitCount(std::string_view line, std::size_t count) {
    return await([&] { return countOf(line) >= count; });
  }
  /// Waits for the session with that index in the order of opening.
  Opened awaitOpened(std::size_t index) {
    await([&] { return opened_.size() > index; });
    const std::lock_guard lock(mutex_);
    return index < opened_.size() ? opened_[index] : Opened{};
  }
  /// Waits until every session that was opened is closed.
  bool awaitAllClosed() {
    return await([&] {
      return opened_.size() == static_cast<std::size_t>(std::count_if(
                                   lines_.begin(), lines_.end(),
                                   [](const auto& line) { return line.starts_with("close "); }));
    });
  }
  /// Waits for the connection with that index among those that were left to the host.
  Peer& awaitConnection(std::size_t index) {
    await([&] { return connections_.size() > index; });
    const std::lock_guard lock(mutex_);
    return connections_.at(index);
  }
  /// What its address counts it by.
  std::uint32_t addressLine(std::size_t index) {
    awaitConnection(index);
    const std::lock_guard lock(mutex_);
    return addressLines_.at(index);
  }
  /// Waits for the connection with TLS with that index among those that were left to the host.
  TlsConnection awaitTlsConnection(std::size_t index) {
    await([&] { return tlsConnections_.size() > index; });
    const std::lock_guard lock(mutex_);
    return tlsConnections_.at(index);
  }
  bool awaitWritten(RequestId stream, std::string_view bytes) {
    return await([&] { return written_[stream].find(bytes) != std::string::npos; });
  }

  /// Waits until more than `count` bytes were written to a bridged stream; returns how many were.
  std::size_t awaitMoreThan(std::size_t count, RequestId stream) {
    await([&] { return written_[stream].size() > count; });
    return written(stream).size();
  }

  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  std::string written(RequestId stream) {
    const std::lock_guard lock(mutex_);
    return written_[stream];
  }
  /// Only counts messages from now on.
  void countMessages() {
    const std::lock_guard lock(mutex_);
    quiet_ = true;
  }
  std::size_t messages() {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  bool awaitMessages(std::size_t count) {
    return await([&] { return messages_ >= count; });
  }
  /// Waits for a batch that ended with the answer that the host is full.
  bool awaitPause() {
    return await([&] { return pausedAtBatchEnd_; });
  }
  /// What onBatchEnd answers from now on: whether the host has too much unread.
  void setFull(bool full) {
    const std::lock_guard lock(mutex_);
    full_ = full;
  }

 private:
  void record(std::string line) {
    const std::lock_guard lock(mutex_);
    add(std::move(line));
  }
  /// Counts what is told while the test says that the host is full.
  void keep(std::size_t bytes) { kept_ += full_ ? bytes : 0; }
  void add(std::string line) {
    keep(line.size());
    lines_.push_back(std::move(line));
    changed_.notify_all();
  }
  std::size_t countOf(std::string_view line) const {
    std::size_t count = 0;
    for (const auto& entry : lines_) count += entry == line ? 1 : 0;
    return count;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  std::vector<Opened> opened_;
  std::deque<Peer> connections_;
  std::vector<std::uint32_t> addressLines_;
  std::deque<TlsConnection> tlsConnections_;
  std::map<RequestId, std::string> written_;
  std::size_t messages_ = 0;
  std::size_t kept_ = 0;
  bool quiet_ = false;
  bool full_ = false;
  bool pausedAtBatchEnd_ = false;
};

}  // namespace beastio::test
