// Handlers in C++ beside another Socket.IO server, on one engine: for hosts such as the addon.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>

#include "beastio/export.hpp"
#include "beastio/session-id.hpp"
#include "beastio/socketio/namespace.hpp"
#include "beastio/socketio/options.hpp"

struct beastio_native;

namespace beastio {
class Engine;
class EngineHandler;
struct Message;
}  // namespace beastio

namespace beastio::socketio {

class ServerCore;

/// The Socket.IO server whose sockets a Guest serves as well: it says who may enter, and who is in
/// which room. One for each I/O thread. Runs on: that thread. A call must not block or throw.
class BEASTIO_EXPORT Owner {
 public:
  virtual ~Owner() = default;

  /// A message that no handler in C++ takes.
  virtual void onPassed(SessionId id, const Message& message) = 0;
  /// What C++ has done, or asks for. It is a JSON array, whose first element says what it is.
  /// Placeholders in it stand for the attachments. Errors of handlers are told too. See
  /// lib/api/native/native-namespace.js.
  virtual void onTold(std::string_view json, std::span<const std::string_view> attachments) = 0;
};

/// Handlers in C++ for the sockets of another server. The owner tells it of them by notes
/// (Batch::note), which are JSON arrays. Namespaces are named by their numbers:
/// - ["enter", namespace, id, protocol, auth, rooms, number or 0]: a socket is about to be
///   connected. The number is that of "connect", if handlers were asked
/// - ["active", namespace, isSuspended]: the application has seen it
/// - ["exit", namespace, reason]: it has left
/// - ["join" or "leave", namespace, tellings of rooms that were seen, room]
/// - ["suspend", namespace]: its events are to be checked by the owner first
/// - ["deliver", namespace, ack id or null, event]: such an event has passed
/// - ["attribute", namespace, name, value]
/// - ["admit", namespace, id of the session, protocol, auth]: a client wants to enter a namespace
///   that C++ serves alone or guards. Its CONNECT packet was passed to the owner
/// - ["refused", namespace, number]: the owner does not let a client in that C++ would have
/// - ["nowhere"]: a client has entered none of the owner's namespaces in time
///
/// Where handlers guard a namespace of the owner's, the owner is told who may enter. That is
/// ["connect", place of the session, name of the namespace, number, auth, attributes]. It answers
/// by "enter" or "refused" with that number.
///
/// Runs on: any thread, where nothing else is said.
class BEASTIO_EXPORT Guest {
 public:
  /// How emits reach those whom they mean.
  enum class Way : std::uint8_t {
    kEngine,    ///< by the engine, which knows all members of a room
    kRecovery,  ///< by the owner, which keeps what clients may have missed
    kCluster,   ///< broadcasts by the owner, which knows other servers
    kClusterAndRecovery,
  };

  /// `options`: those of the handlers; the others, and `engine`, do not count. `ownerOf` is asked
  /// for each I/O thread, now.
  Guest(std::shared_ptr<Engine> engine, const ServerOptions& options,
        const std::function<Owner&(unsigned thread)>& ownerOf);
  /// Order: when the engine is stopped.
  ~Guest();
  Guest(const Guest&) = delete;
  Guest& operator=(const Guest&) = delete;

  /// What is to be told of messages and notes of a thread in the owner's place. Of closed sessions
  /// and the ends of batches it is told before the owner. Runs on: that thread.
  EngineHandler& handlerOf(unsigned thread);

  /// The namespace of a name, which is made if need be. Errors: throws std::length_error beyond
  /// 65,536.
  Namespace& of(std::string_view name);
  /// Its number, in notes and tellings.
  static std::uint32_t numberOf(const Namespace& nsp);
  /// Whether a handler takes such an event of a namespace.
  static bool handles(const Namespace& nsp, std::string_view event);
  /// Whether handlers are to be asked by "admit" who may enter a namespace of the owner's.
  static bool guards(const Namespace& nsp);
  /// How emits of a namespace go from now on.
  static void setWay(Namespace& nsp, Way way);
  /// Called before something is sent on the thread that has made this object: what the owner has
  /// not handed over yet goes first.
  void beforeSending(std::function<void()> flush);
  /// Called when an addon has asked for a namespace, on the thread that has made this object.
  void onNamespace(std::function<void(std::string_view name)> listener);
  /// Called when an addon wants to serve a namespace alone, on the thread that has made this
  /// object. It returns false if the owner has that namespace. Otherwise the owner never has.
  void onServe(std::function<bool(std::string_view name)> listener);
  /// The owner has an answer to what it was told to ask ("ask", "fetch"): a JSON array and its
  /// attachments. Others may follow until `finish`.
  void answer(std::uint64_t question, std::string_view json,
              std::span<const std::string_view> attachments);
  /// The owner has asked `expected` sockets, and will have no more answers.
  void finish(std::uint64_t question, bool isTimedOut, std::size_t expected);
  /// The owner shuts down: sockets that are not its own leave.
  void closeServed();
  /// Nothing is sent and no handler is called any more. Waiting acknowledgements are completed.
  void close();

  /// What addons call: see beastio/abi.h. The caller frees it by `release` of its host, and then
  /// `delete`. Lifetime: beyond this object's.
  beastio_native* newNative() const;

 private:
  std::shared_ptr<ServerCore> core_;
};

}  // namespace beastio::socketio
