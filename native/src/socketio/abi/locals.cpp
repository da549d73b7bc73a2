// Sockets on their own threads, for addons.
#include <memory>
#include <utility>
#include <vector>

#include "socketio/abi/raw.hpp"
#include "socketio/abi/table.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {
namespace {

ServedSocket& servedOf(beastio_local* local) {
  return socketio::servedOf(*reinterpret_cast<Socket*>(local));
}

/// What addons have attached to a socket, each its own.
class Attached {
 public:
  ~Attached() {
    for (const auto& entry : entries_) {
      if (*entry.pointer != nullptr) entry.destroy(*entry.pointer);
    }
  }
  void** of(const void* owner, void (*destroy)(void*)) {
    for (const auto& entry : entries_) {
      if (entry.owner == owner) return entry.pointer.get();
    }
    entries_.push_back({owner, destroy, std::make_unique<void*>(nullptr)});
    return entries_.back().pointer.get();
  }

 private:
  struct Entry {
    const void* owner;
    void (*destroy)(void*);
    std::unique_ptr<void*> pointer;  // whose place stays
  };
  std::vector<Entry> entries_;
};

void facts(beastio_local* local, beastio_facts* facts) {
  const auto& socket = servedOf(local);
  facts->protocol = socket.client.protocol;
  facts->is_connected = socket.state == ServedSocket::State::kConnected ? 1 : 0;
  facts->id = raw(socket.sid);
  facts->nsp = raw(socket.local.core.text());
  facts->auth = raw(socket.handshake.auth());
}

void** data(beastio_local* local, const void* owner, void (*destroy)(void*)) {
  auto& held = servedOf(local).data;
  if (!held) held = std::make_shared<Attached>();
  return static_cast<Attached*>(held.get())->of(owner, destroy);
}

beastio_status attribute(beastio_local* local, beastio_bytes name, beastio_sink sink, void* user) {
  if (!servedOf(local).owned) return BEASTIO_UNKNOWN_NAMESPACE;
  const auto& attributes = servedOf(local).owned->attributes;
  const auto found = attributes.find(view(name));
  if (found != attributes.end()) sink(user, raw(found->second));
  return BEASTIO_OK;
}

beastio_status setAttribute(beastio_local* local, beastio_bytes name, beastio_bytes json) {
  auto& socket = servedOf(local);
  if (!socket.owned) return BEASTIO_UNKNOWN_NAMESPACE;
  const auto value = RawJson::of(view(json));
  if (!value) return BEASTIO_BAD_ARGUMENTS;
  socket.owned->attributes[std::string(view(name))] = value->text();
  // The owner is told those of a socket that is not in yet along with it.
  if (socket.state != ServedSocket::State::kEntering) {
    socket.shard.tellAttribute(socket, view(name), *value);
  }
  return BEASTIO_OK;
}

}  // namespace

void addLocals(beastio_api& api) {
  api.facts = facts;
  api.rooms = [](beastio_local* local, beastio_sink sink, void* user) {
    for (const auto room : static_cast<Socket&>(servedOf(local)).rooms()) sink(user, raw(room));
  };
  api.is_in = [](beastio_local* local, beastio_bytes room) {
    return static_cast<Socket&>(servedOf(local)).isIn(view(room)) ? 1 : 0;
  };
  api.data = data;
  api.attribute = attribute;
  api.set_attribute = setAttribute;
}

}  // namespace beastio::socketio
