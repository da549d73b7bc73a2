// Events on their way out, and answers that are to come.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include "beastio/export.hpp"
#include "beastio/socketio/codec.hpp"
#include "beastio/socketio/errors.hpp"

namespace beastio::socketio {

class Args;
class OwnedArgs;

/// Writes an event: its name, and its arguments. Owner: one thread.
class BEASTIO_EXPORT EventWriter {
 public:
  /// Begins an event.
  explicit EventWriter(std::string_view event);
  /// For the server: an event that is written already, with its name.
  EventWriter(std::string_view event, RawJson array) : event_(event), isComplete_(true) {
    writer_.raw(array);
  }
  /// For the server: an attachment of such an event.
  void attach(std::span<const std::byte> bytes) { writer_.attach(bytes); }

  /// Adds arguments: values, or all that a client has sent.
  template <class... Ts>
  void add(const Ts&... args) {
    static_assert(sizeof...(Ts) == 1 || !(std::is_same_v<Ts, Args> || ...),
                  "Args are all arguments of an event");
    (addOne(args), ...);
  }

  /// Its name.
  std::string_view event() const { return event_; }
  /// The array, complete.
  const Writer& writer() const;
  /// For the server: one more argument, by which a client says what it has got. Order: once, before
  /// the array is complete.
  void addOffset(std::uint64_t offset) const;
  /// For the server: a copy of the arguments.
  OwnedArgs copyArgs() const;

 private:
  template <class T>
  void addOne(const T& value) {
    if constexpr (std::is_same_v<T, Args>) {
      addAll(value);
    } else {
      static_assert(Writable<T>, "a type without a Codec: see beastio/socketio/codec.hpp");
      Codec<T>::write(value, writer_);
    }
  }
  // Relays what a client has sent.
  void addAll(const Args& args);

  std::string_view event_;
  mutable Writer writer_;
  mutable bool isComplete_ = false;
};

/// What an acknowledgement is given to, once: no error, or no arguments.
using AckSink = std::function<void(std::error_code error, const Args* args)>;

/// Reads the first argument of an acknowledgement.
template <Readable T>
Result<T> firstOf(const Args& args);

/// Whether the caller must not wait: it is a thread of a server.
BEASTIO_EXPORT bool isServerThread();

/// For the server: calls a function, and passes over what it throws.
BEASTIO_EXPORT void callQuietly(const std::function<void()>& function) noexcept;

/// An answer to come. It is there once: for `then`, or for `get`.
template <class T>
class Pending {
 public:
  /// Calls `done` with the answer. Runs on: the thread of the socket, or this one if the answer is
  /// there.
  void then(std::function<void(Result<T>)> done) && { shared_->then(std::move(done)); }
  /// Waits for the answer. Errors: kWouldBlock on a thread of a server, that would wait for itself.
  Result<T> get() && { return shared_->get(); }
  /// Does not care.
  void drop() && {}

  /// For the server: what completes it.
  AckSink sink() const {
    return [completer = completer()](std::error_code error, const Args* args) {
      completer->complete(args != nullptr ? firstOf<T>(*args) : Result<T>(error));
    };
  }
  /// For the server: completes it with a value.
  std::function<void(Result<T>)> completion() const {
    return [completer = completer()](Result<T> result) { completer->complete(std::move(result)); };
  }

 private:
  struct Shared {
    void complete(Result<T> result) {
      std::function<void(Result<T>)> done;
      {
        const std::lock_guard lock(mutex);
        if (value) return;
        done = std::move(callback);
        value.emplace(std::move(result));
      }
      isThere.store(true);
      isThere.notify_all();
      if (done) done(std::move(*value));
    }
    void then(std::function<void(Result<T>)> done) {
      {
        const std::lock_guard lock(mutex);
        if (!value) {
          callback = std::move(done);
          return;
        }
      }
      done(std::move(*value));
    }
    Result<T> get() {
      if (!isThere.load() && isServerThread()) return make_error_code(Errc::kWouldBlock);
      isThere.wait(false);
      return std::move(*value);
    }

    std::mutex mutex;
    std::optional<Result<T>> value;
    std::atomic<bool> isThere = false;  // <condition_variable> would cost every user's file more
    std::function<void(Result<T>)> callback;
  };

  // What a server drops as it ends is completed too. Nobody is left to hear what `then` throws.
  struct Completer {
    explicit Completer(std::shared_ptr<Shared> of) : shared(std::move(of)) {}
    Completer(const Completer&) = delete;
    Completer& operator=(const Completer&) = delete;
    ~Completer() {
      callQuietly([this] { shared->complete(make_error_code(Errc::kClosed)); });
    }
    void complete(Result<T> result) { shared->complete(std::move(result)); }

    std::shared_ptr<Shared> shared;
  };
  std::shared_ptr<Completer> completer() const { return std::make_shared<Completer>(shared_); }

  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

/// The acknowledgements of a broadcast.
template <class T>
struct Answers {
  std::vector<T> values{};   ///< those that came and could be read
  std::size_t expected = 0;  ///< how many sockets were asked
  std::error_code error{};   ///< kTimeout if not all of them have answered
};

}  // namespace beastio::socketio
