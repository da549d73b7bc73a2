// The arguments of an event, and the acknowledgement that a client asks for.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "beastio/export.hpp"
#include "beastio/socketio/codec.hpp"
#include "beastio/socketio/errors.hpp"
#include "beastio/socketio/json.hpp"
#include "beastio/socketio/socket-ref.hpp"

namespace beastio::socketio {

class OwnedArgs;

/// The arguments as they came: checked JSON. Lifetime: of the handler's call; `copy` outlives it.
class BEASTIO_EXPORT Args {
 public:
  /// `json`: the elements of an array from `at` on.
  Args(std::string_view json, std::size_t at, std::span<const std::string_view> attachments)
      : json_(json), at_(at), attachments_(attachments) {}

  /// How many there are. It is counted.
  std::size_t size() const;
  /// The argument of an index. Returns none if there are fewer.
  std::optional<Argument> at(std::size_t index) const;
  /// The argument of an index as a T. Errors: kBadArguments.
  template <Readable T>
  Result<T> get(std::size_t index) const {
    T value{};
    const auto argument = at(index);
    if (!argument || !Codec<T>::read(*argument, value)) return make_error_code(Errc::kBadArguments);
    return value;
  }
  /// All of them, with the commas between them.
  std::string_view json() const;
  /// Of the packet, in the order of their numbers.
  std::span<const std::string_view> attachments() const { return attachments_; }
  /// What may be kept.
  OwnedArgs copy() const;
  /// For the server: the array that they stand in.
  std::string_view array() const { return json_; }
  /// For the server: where in it the first one stands.
  std::size_t begin() const { return at_; }

 private:
  friend class ArgsReader;

  std::string_view json_;
  std::size_t at_;
  std::span<const std::string_view> attachments_;
};

/// A copy of Args.
class BEASTIO_EXPORT OwnedArgs {
 public:
  /// No arguments.
  OwnedArgs() = default;
  /// Copies.
  explicit OwnedArgs(const Args& args);

  /// As a handler gets them. Lifetime: of this object, which must not be moved meanwhile.
  Args view() const;
  /// How many bytes it holds.
  std::size_t bytes() const;

 private:
  std::string json_ = "[]";
  std::vector<std::string> attachments_;
  mutable std::vector<std::string_view> views_;
};

/// One argument after the other.
class BEASTIO_EXPORT ArgsReader {
 public:
  /// Lifetime: of what `args` refers to.
  explicit ArgsReader(const Args& args) : text_(args.json_), at_(args.at_), args_(args) {}
  /// The next one. Returns none behind the last.
  std::optional<Argument> next();

 private:
  std::string_view text_;
  std::size_t at_;
  Args args_;
};

/// Answers an event, once, from any thread. Further calls, and those for a client that did not ask,
/// do nothing. Copies answer the same event.
class BEASTIO_EXPORT Ack {
 public:
  /// Nobody asked.
  Ack() = default;
  /// For the event `id` of a socket.
  Ack(SocketRef socket, std::uint64_t id) : socket_(socket), id_(id), isWanted_(true) {}
  Ack(Ack&& other) noexcept
      : socket_(other.socket_),
        id_(other.id_),
        isWanted_(std::exchange(other.isWanted_, false)),
        shared_(std::move(other.shared_)) {}
  /// Copies; not while another thread copies the same object.
  Ack(const Ack& other) : socket_(other.socket_), id_(other.id_), isWanted_(other.isWanted_) {
    if (!isWanted_) return;
    if (!other.shared_) other.shared_ = std::make_shared<std::atomic<bool>>(true);
    shared_ = other.shared_;
  }
  /// Answers another event from now on.
  Ack& operator=(Ack other) noexcept {
    socket_ = other.socket_;
    id_ = other.id_;
    std::swap(isWanted_, other.isWanted_);
    shared_.swap(other.shared_);
    return *this;
  }
  ~Ack() = default;

  /// For the server: which event it answers.
  std::uint64_t id() const { return id_; }
  /// Whether the client waits for an answer.
  bool isWanted() const { return isWanted_ && (!shared_ || shared_->load()); }
  /// Answers. Errors: kGone, kClosed.
  template <Writable... Ts>
  std::error_code operator()(const Ts&... values) const {
    if (!take()) return {};
    Writer writer;
    writer.beginArray();
    (Codec<Ts>::write(values, writer), ...);
    writer.endArray();
    return answer(writer);
  }
  /// Answers with all that a client has sent. Errors: kGone, kClosed.
  std::error_code operator()(const Args& args) const;

 private:
  bool take() const {
    if (!std::exchange(isWanted_, false)) return false;
    return !shared_ || shared_->exchange(false);
  }
  friend struct RawCalls;

  std::error_code answer(const Writer& writer) const;

  SocketRef socket_{};
  std::uint64_t id_ = 0;
  mutable bool isWanted_ = false;
  mutable std::shared_ptr<std::atomic<bool>> shared_;  // true until one of the copies has answered
};

}  // namespace beastio::socketio
