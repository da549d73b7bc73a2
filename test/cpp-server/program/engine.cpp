// An engine without Socket.IO. What it tells its handler goes to the test, a line each; the test's
// commands come in lines of their own. So suites of Engine.IO can be run against another process.
#include <beastio/engine.hpp>
#include <charconv>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "application.hpp"
#include "report.hpp"
#include "settings.hpp"

namespace beastio::test {
namespace {

using Words = std::vector<std::string>;

std::string nameOf(TransportName transport) {
  return transport == TransportName::kWebSocket ? "websocket" : "polling";
}

std::string toHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text.push_back(kDigits[value >> 4U]);
    text.push_back(kDigits[value & 15U]);
  }
  return text;
}

std::string fromHex(std::string_view text) {
  std::string bytes;
  for (; text.size() >= 2; text.remove_prefix(2)) {
    unsigned value = 0;
    std::from_chars(text.data(), text.data() + 2, value, 16);
    bytes.push_back(static_cast<char>(value));
  }
  return bytes;
}

void say(const Words& words) { writeLine(lineOf("engine", words)); }

/// Tells everything, or sends every message back. Runs on: the I/O thread, but for `idOf`.
class Handler final : public EngineHandler {
 public:
  explicit Handler(bool isEcho) : isEcho_(isEcho) {}

  void serve(Engine& engine) { engine_ = &engine; }

  /// The session of a sid; none of a closed one.
  SessionId idOf(const std::string& sid) const {
    const std::lock_guard lock(mutex_);
    const auto found = ids_.find(sid);
    return found == ids_.end() ? SessionId{} : found->second;
  }

  void onOpen(const OpenedSession& session) override {
    const std::string sid(session.sid);
    {
      const std::lock_guard lock(mutex_);
      ids_[sid] = session.id;
    }
    sids_[session.id.place] = sid;
    say({"open", sid, nameOf(session.transport), std::to_string(session.protocol)});
  }
  void onMessage(SessionId id, const Message& message) override {
    if (isEcho_) {
      return out_.send(id,
                       message.binary ? out_.addBinary(message.data) : out_.addText(message.data));
    }
    say({message.binary ? "bytes" : "text", sids_[id.place],
         message.binary ? toHex(message.data) : std::string(message.data)});
  }
  void onClose(SessionId id, CloseReason reason, std::string_view description) override {
    const auto sid = std::exchange(sids_[id.place], {});
    {
      const std::lock_guard lock(mutex_);
      ids_.erase(sid);
    }
    say({"close", sid, std::string(toString(reason)), std::string(description)});
  }
  bool onBatchEnd() override {
    if (!out_.empty()) engine_->submit(out_);
    return true;
  }
  void onHeartbeat(SessionId id) override { say({"heartbeat", sids_[id.place]}); }
  void onUpgrading(SessionId id, TransportName to, RequestId /*request*/) override {
    say({"upgrading", sids_[id.place], nameOf(to)});
  }
  void onUpgrade(SessionId id, TransportName to, RequestId /*request*/) override {
    say({"upgrade", sids_[id.place], nameOf(to)});
  }
  void onRefused(const RefusedRequest& refused) override {
    say({"refused", std::string(refused.own == nullptr ? "" : refused.own->header),
         std::string(refused.message), std::string(refused.contextName)});
  }

 private:
  const bool isEcho_;
  Engine* engine_ = nullptr;
  Batch out_{1};
  std::map<std::uint32_t, std::string> sids_;  // by place
  mutable std::mutex mutex_;
  std::map<std::string, SessionId> ids_;  // guarded
};

/// One line: commands for one turn.
void obey(std::string_view line, Engine& engine, const Handler& handler) {
  std::vector<Words> commands;
  socketio::Codec<std::vector<Words>>::read({.json = line}, commands);
  Batch batch(1);
  for (const auto& command : commands) {
    const auto& what = command.at(0);
    if (what == "sync") {
      engine.submit(batch);
      engine.post(0, [number = command.at(1)] { say({"sync", number}); });
      continue;
    }
    const auto id = handler.idOf(command.at(1));
    if (what == "text") batch.send(id, batch.addText(command.at(2)));
    if (what == "bytes") batch.send(id, batch.addBinary(fromHex(command.at(2))));
    if (what == "close") batch.close(id, command.at(2) == "at once");
  }
  engine.submit(batch);
}

}  // namespace

void runEngine(const std::string& json) {
  auto options = engineOptionsOf(json);
  bool isEcho = false;
  if (const auto echo = socketio::ObjectReader::find(json, "echo")) {
    socketio::readBoolean(*echo, isEcho);
  }
  Handler handler(isEcho);
  Engine engine(options, [&handler](unsigned) -> EngineHandler& { return handler; });
  handler.serve(engine);
  std::error_code error;
  const auto bound = engine.listen({.host = "127.0.0.1"}, error);
  if (!bound) throw std::system_error(error, "listen");
  writeLine(lineOf("port", bound->port));
  std::string line;
  while (readLine(line)) obey(line, engine, handler);
  engine.stop();
}

}  // namespace beastio::test
