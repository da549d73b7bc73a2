#include "socketio/guest/by-owner.hpp"

#include <memory>
#include <string>
#include <utility>

#include "socketio/shard/shard.hpp"

namespace beastio::socketio {
namespace {

void writeNames(Writer& writer, const std::vector<std::string>& names) {
  writer.beginArray();
  for (const auto& name : names) writer.string(name);
  writer.endArray();
}

// Begins a telling with whom it is about: rooms, and rooms that are left out, by name.
void begin(Writer& writer, std::string_view kind, const NamespaceCore& nsp, const Target& target) {
  auto rooms = target.rooms;
  for (const auto room : target.roomNumbers) rooms.push_back(nsp.rooms().nameOf(room.number));
  auto except = target.except;
  for (const auto socket : target.exceptSockets) except.push_back(nsp.idOf(socket));
  writer.beginArray();
  writer.string(kind);
  writer.number(std::uint64_t{nsp.number()});
  writeNames(writer, rooms);
  writeNames(writer, except);
}

/// An event that another thread may tell.
class KeptEvent {
 public:
  explicit KeptEvent(const EventWriter& writer)
      : event_(writer.event()), args_(writer.copyArgs()) {}

  void write(Writer& telling) const {
    EventWriter event(event_);
    const auto args = args_.view();
    event.add(args);
    telling.raw(RawJson::trusted(event.writer().text()));
    for (const auto bytes : event.writer().attachments()) telling.attach(bytes);
  }

 private:
  std::string event_;
  OwnedArgs args_;
};

/// Calls `function` with a shard: this thread's, or soon.
template <class Function>
void onSomeThread(const Sending& sending, Function function) {
  if (Shard* const here = sending.here()) return function(*here);
  sending.core().post(0, std::move(function));
}

}  // namespace

bool goesByOwner(const NamespaceCore& nsp, const Target& target) {
  return isDoneByOwner(nsp, target) || (nsp.isKeptByOwner() && !target.isVolatile);
}

std::error_code emitByOwner(const Sending& sending, const Target& target,
                            const EventWriter& writer) {
  if (!sending) return Errc::kClosed;
  const auto kept = std::make_shared<const KeptEvent>(writer);
  onSomeThread(sending, [kept, target](Shard& shard) {
    Writer telling;
    begin(telling, "emit", shard.core().namespaceOf(target.scope), target);
    telling.boolean(target.isVolatile);
    telling.boolean(target.compress);
    kept->write(telling);
    telling.endArray();
    shard.tell(telling);
  });
  return {};
}

bool isDoneByOwner(const NamespaceCore& nsp, const Target& target) {
  return nsp.isInCluster() && !target.isLocal;
}

std::error_code doByOwner(const Sending& sending, const Target& target, std::string_view what,
                          std::string_view room, bool close) {
  if (!sending) return Errc::kClosed;
  onSomeThread(sending,
               [target, what = std::string(what), room = std::string(room), close](Shard& shard) {
                 Writer telling;
                 begin(telling, what, shard.core().namespaceOf(target.scope), target);
                 telling.string(room);
                 telling.boolean(close);
                 telling.endArray();
                 shard.tell(telling);
               });
  return {};
}

void askByOwner(const Sending& sending, const Target& target, const EventWriter& writer,
                OwnerQuestions::Done done) {
  auto& core = sending.core();
  const auto number = core.questions().add(std::move(done), core.isOwnThread());
  const auto time = target.timeout.count() > 0 ? target.timeout : core.options().ackTimeout;
  const auto kept = std::make_shared<const KeptEvent>(writer);
  onSomeThread(sending, [kept, target, number, time](Shard& shard) {
    Writer telling;
    begin(telling, "ask", shard.core().namespaceOf(target.scope), target);
    telling.number(number);
    telling.number(std::int64_t{time.count()});
    kept->write(telling);
    telling.endArray();
    shard.tell(telling);
  });
}

void fetchByOwner(const Sending& sending, const Target& target, OwnerQuestions::Done done) {
  auto& core = sending.core();
  const auto number = core.questions().add(std::move(done), core.isOwnThread());
  onSomeThread(sending, [target, number](Shard& shard) {
    Writer telling;
    begin(telling, "fetch", shard.core().namespaceOf(target.scope), target);
    telling.number(number);
    telling.endArray();
    shard.tell(telling);
  });
}

}  // namespace beastio::socketio
