// How much memory the queues of one thread keep busy: a payload that many of them share counts
// once. Runs on: the thread that owns the meter and the queues.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace beastio::protocol {

class ByteMeter {
 public:
  ByteMeter() = default;
  ByteMeter(const ByteMeter&) = delete;
  ByteMeter& operator=(const ByteMeter&) = delete;

  std::size_t bytes() const { return bytes_; }
  void add(std::size_t count) { bytes_ += count; }
  void subtract(std::size_t count) { bytes_ -= count; }

  /// A payload for queues to share; it counts until the last of them has let it go.
  /// Lifetime: the meter outlives it.
  std::shared_ptr<const std::string> share(std::string payload) {
    auto counted = std::make_shared<const Counted>(std::move(payload), *this);
    return {counted, &counted->payload};
  }
  /// The same of a payload that others may hold as well.
  std::shared_ptr<const std::string> share(std::shared_ptr<const std::string> payload) {
    auto counted = std::make_shared<const Held>(std::move(payload), *this);
    return {counted, counted->payload.get()};
  }

 private:
  struct Counted {
    Counted(std::string&& text, ByteMeter& owner) : payload(std::move(text)), meter(owner) {
      meter.add(payload.size());
    }
    ~Counted() { meter.subtract(payload.size()); }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

    const std::string payload;
    ByteMeter& meter;
  };

  struct Held {
    Held(std::shared_ptr<const std::string>&& text, ByteMeter& owner)
        : payload(std::move(text)), meter(owner) {
      meter.add(payload->size());
    }
    ~Held() { meter.subtract(payload->size()); }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

    const std::shared_ptr<const std::string> payload;
    ByteMeter& meter;
  };

  std::size_t bytes_ = 0;
};

}  // namespace beastio::protocol
