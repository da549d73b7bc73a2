#include "socketio/abi/event-for-addon.hpp"

#include <cstdint>

#include "socketio/abi/host.hpp"
#include "socketio/abi/raw.hpp"

namespace beastio::socketio {

EventForAddon::EventForAddon(SocketRef ref, beastio_local* local, std::string_view name,
                             const Args& args, const Ack& ack)
    : EventForAddon(ref, local, name, args.array()) {
  for (const auto bytes : args.attachments()) attachments_.push_back(raw(bytes));
  event_.attachments = attachments_.data();
  event_.attachment_count = static_cast<std::uint32_t>(attachments_.size());
  event_.arguments_at = args.begin();
  if (ack.isWanted()) event_.ack_id = static_cast<std::int64_t>(ack.id());
}

EventForAddon::EventForAddon(SocketRef ref, beastio_local* local, std::string_view name,
                             std::string_view payload)
    : event_{.size = sizeof(beastio_event),
             .attachment_count = 0,
             .socket = raw(ref),
             .local = local,
             .name = raw(name),
             .payload = raw(payload),
             .arguments_at = 0,
             .attachments = nullptr,
             .ack_id = -1,
             .fail =
                 [](void* failure, beastio_bytes text) {
                   static_cast<std::string*>(failure)->assign(view(text));
                 },
             .fail_user = &failure_,
             .api = &addonApi()} {}

}  // namespace beastio::socketio
