#include "beastio/host/guest.hpp"

#include <string>
#include <utility>

#include "beastio/engine.hpp"
#include "protocol/text/json-cursor.hpp"
#include "socketio/server/server-core.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {

namespace {

// What went wrong: its code, its text, and whose event it was.
void tellError(Shard& shard, int code, std::string_view what, SocketRef socket,
               std::string_view event) {
  Writer telling;
  telling.beginArray();
  telling.string("error");
  telling.number(std::int64_t{code});
  telling.string(what);
  if (socket) {
    const auto& nsp = shard.core().namespaceOf(socket.scope());
    telling.number(std::uint64_t{nsp.number()});
    telling.string(nsp.idOf(socket));
  } else {
    telling.null();
    telling.null();
  }
  telling.string(event);
  telling.endArray();
  shard.tell(telling);
}

void onErrorOf(ServerCore& core, const ErrorReport& report) {
  const auto code = report.error.value();
  Shard* const here = Shard::current();
  if (here != nullptr && &here->core() == &core) {
    return tellError(*here, code, report.what, report.socket, report.event);
  }
  const auto thread = report.socket ? report.socket.session().thread() : 0;
  if (thread >= core.options().engine.ioThreads) return;
  core.post(thread, [code, what = std::string(report.what), socket = report.socket,
                     event = std::string(report.event)](Shard& shard) {
    tellError(shard, code, what, socket, event);
  });
}

}  // namespace

Guest::Guest(std::shared_ptr<Engine> engine, const ServerOptions& options,
             const std::function<Owner&(unsigned)>& ownerOf)
    : core_(ServerCore::makeGuest(std::move(engine), options, ownerOf)) {
  core_->onError([core = core_.get()](const ErrorReport& report) { onErrorOf(*core, report); });
}

Guest::~Guest() {
  close();
  core_->stop();
  core_->forget();
}

EngineHandler& Guest::handlerOf(unsigned thread) { return core_->shard(thread); }

Namespace& Guest::of(std::string_view name) { return core_->makeNamespace(name); }

std::uint32_t Guest::numberOf(const Namespace& nsp) { return coreOf(nsp).number(); }

bool Guest::handles(const Namespace& nsp, std::string_view event) {
  return coreOf(nsp).routes()->events.contains(event);
}

bool Guest::guards(const Namespace& nsp) { return coreOf(nsp).isGuarded(); }

void Guest::setWay(Namespace& nsp, Way way) { coreOf(nsp).setWay(way); }

void Guest::answer(std::uint64_t question, std::string_view json,
                   std::span<const std::string_view> attachments) {
  const auto array = RawJson::of(json);
  if (!array || !json.starts_with('[')) return;
  core_->questions().answer(question,
                            Args(json, protocol::JsonArrayCursor(json).at(), attachments));
}

void Guest::finish(std::uint64_t question, bool isTimedOut, std::size_t expected) {
  auto call = core_->questions().finish(question, isTimedOut, expected);
  core_->post(0, [call = std::move(call)](Shard& shard) { shard.run(call); });
}

void Guest::beforeSending(std::function<void()> flush) { core_->beforeSending(std::move(flush)); }

void Guest::onNamespace(std::function<void(std::string_view)> listener) {
  core_->onNamespace(std::move(listener));
}

void Guest::onServe(std::function<bool(std::string_view)> listener) {
  core_->onServe(std::move(listener));
}

void Guest::closeServed() {
  core_->postToAll([](Shard& shard) { shard.closeServed(); });
}

void Guest::close() { core_->closeGuest(); }

}  // namespace beastio::socketio
