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
  struct Kept {
    std::string event;
    OwnedArgs args;
  };
  const auto kept =
      std::make_shared<const Kept>(Kept{std::string(writer.event()), writer.copyArgs()});
  onSomeThread(sending, [kept, target](Shard& shard) {
    const auto& nsp = shard.core().namespaceOf(target.scope);
    EventWriter event(kept->event);
    const auto args = kept->args.view();
    event.add(args);
    Writer telling;
    begin(telling, "emit", nsp, target);
    telling.boolean(target.isVolatile);
    telling.boolean(target.compress);
    telling.raw(RawJson::trusted(event.writer().text()));
    for (const auto bytes : event.writer().attachments()) telling.attach(bytes);
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

}  // namespace beastio::socketio
