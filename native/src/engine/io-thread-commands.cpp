// What an IoThread does with blocks of commands, and when all are to go.
#include <optional>
#include <utility>

#include "engine/io-thread.hpp"

namespace beastio::engine {
namespace {

// How many recipients ahead of the one that is sent to the next step of prefetching is.
constexpr std::size_t kPrefetchStride = 2;

// Over how many broadcasts their recipients are averaged.
constexpr std::size_t kBroadcastsOnAverage = 16;

bool isMessage(SendFlags flags) {
  return static_cast<protocol::PacketType>(flags.type) == protocol::PacketType::kMessage;
}

// Of a kSlowClient.
std::optional<SlowClientPolicy> policyOf(const Batch::Block::Command& command) {
  if (command.first == 0) return std::nullopt;
  return static_cast<SlowClientPolicy>(command.first - 1);
}

}  // namespace

void IoThread::execute(Execution execution) {
  const bool isLastBlock = queue_.isLast(execution.cost);
  const bool isDone = !isWorkDone() && executeCommands(execution, isLastBlock);
  if (!isDone) {
    auto rest = [this, execution = std::move(execution)]() mutable {
      execute(std::move(execution));
    };
    postponed_.push_front(transport::makeTask(std::move(rest)));
    return;
  }
  workDone_ += execution.block->cost(index_);
  queue_.release(execution.cost);
  if (backlog_.hasGrown()) look();
  if (!isLastBlock) return;
  flush();  // answers leave before more is read
  isTurnOver_ = true;
}

// Returns whether all commands were executed. Else it is time for the sockets.
bool IoThread::executeCommands(Execution& execution, bool isLastBlock) {
  using Kind = Batch::Block::Kind;
  const auto& block = *execution.block;
  const auto& commands = block.perThread[index_];
  const Part* sharedParts = nullptr;  // what `shared_` was made from
  auto next = commands.size();
  for (const auto& command : std::span(commands).subspan(execution.next)) {
    const bool isLastCommand = isLastBlock && &command == &commands.back();
    if (executeForAny(block, command, isLastCommand)) {
      if (!isWorkDone()) continue;
      next = static_cast<std::size_t>(&command - commands.data()) + 1;
      break;
    }
    Client* client = sessions_.find(command.id);
    if (client == nullptr) continue;
    switch (command.kind) {
      case Kind::kSend:
        if (command.onlyIn != 0 && !rooms_.isIn(*client, command.onlyIn)) break;
        prepare(block, block.partsOf(command),
                {.type = static_cast<protocol::PacketType>(command.flags.type),
                 .compress = command.flags.compress},
                outgoing_);
        client->session.send(outgoing_, command.flags, command.tick);
        isMessage(command.flags) ? countSent(outgoing_.size()) : void(unsent_ = 0);
        break;
      case Kind::kSendShared: {
        const auto parts = block.partsOf(command);
        if (sharedParts != parts.data()) {
          prepare(block, parts, {.compress = command.flags.compress, .toMany = true}, shared_);
          sharedParts = parts.data();
        }
        client->session.send(shared_, command.flags, command.tick);
        countSent(shared_.size());
        break;
      }
      case Kind::kJoin:
        rooms_.join(*client, command.first);
        break;
      case Kind::kLeave:
        rooms_.leave(*client, command.first);
        break;
      case Kind::kSkipUpTo:
        client->skipUpTo(block.places[command.first]);
        break;
      case Kind::kMark:
        client->session.mark();
        break;
      case Kind::kWatch:
        client->session.watch(command.first);
        break;
      case Kind::kPause:
        client->session.pause(command.first != 0);
        break;
      case Kind::kSlowClient:
        client->session.setSlowClient(policyOf(command), command.count);
        break;
      case Kind::kNote:
        note(block, command);
        break;
      case Kind::kClose:
        client->session.close(command.discard, environment_.now(), command.keepsUnread);
        break;
      case Kind::kTerminate:
        client->session.terminate();
        break;
      case Kind::kBroadcast:
      case Kind::kRequest:
      case Kind::kStreamData:
        break;
    }
  }
  execution.next = next;
  outgoing_.clear();  // a large message is not kept until the next one
  shared_.clear();
  return next == commands.size();
}

// Executes a command that is not for one session, if it is one. Nothing waits behind the last one.
bool IoThread::executeForAny(const Batch::Block& block, const Batch::Block::Command& command,
                             bool isLast) {
  using Kind = Batch::Block::Kind;
  switch (command.kind) {
    case Kind::kBroadcast:
      broadcast(block, command, isLast);
      return true;
    case Kind::kRequest:
      doors_.attached.request(block.request(command));
      return true;
    case Kind::kStreamData: {
      const auto& [stream, bytes] = block.streamData[command.first];
      doors_.streams.data(stream, std::string(block.view(bytes)));
      return true;
    }
    default:
      return false;
  }
}

void IoThread::countSent(std::size_t messages) {
  if (unsent_ != 0) messages -= std::exchange(unsent_, 0);
  environment_.counters.messagesOut.add(messages);
}

void IoThread::prepare(const Batch::Block& block, std::span<const Part> parts,
                       const session::Outgoing& model, std::vector<session::Outgoing>& packet) {
  packet.assign(parts.size(), model);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    packet[i].binary = parts[i].binary;
    packet[i].data = block.view(parts[i]);
  }
}

void IoThread::broadcast(const Batch::Block& block, const Batch::Block::Command& command,
                         bool isLast) {
  const auto& broadcast = block.broadcasts[command.first];
  const auto audience = rooms_.resolve(broadcast.audience);
  prepare(block, broadcast.parts,
          {.compress = broadcast.flags.compress,
           .toMany = audience.size() > 1,
           .isLast = isLast && broadcast.parts.size() == 1},
          outgoing_);
  const auto soon = [audience](std::size_t index, auto prefetch) {
    if (index < audience.size()) prefetch(audience[index]);
  };
  auto recipients = audience.size();
  for (std::size_t i = 0; i < audience.size(); ++i) {
    soon(i + 3 * kPrefetchStride, [](auto* client) { client->session.prefetchSelf(); });
    soon(i + 2 * kPrefetchStride, [](auto* client) { client->session.prefetchChannel(); });
    soon(i + kPrefetchStride, [](auto* client) { client->session.prefetchFurther(); });
    if (broadcast.place.series != 0 && audience[i]->hasHad(broadcast.place)) {
      --recipients;
      continue;
    }
    audience[i]->session.send(outgoing_, broadcast.flags, command.tick);
  }
  countSent(recipients * outgoing_.size());
  std::size_t bytes = Batch::Block::kDeliveryBytes;
  for (const auto& part : broadcast.parts) bytes += part.length;
  workDone_ += audience.size() * bytes;
  recipients_ -= recipients_ / kBroadcastsOnAverage;
  recipients_ += audience.size();
  expectedRecipients_.store(recipients_ / kBroadcastsOnAverage, std::memory_order_relaxed);
  if (backlog_.hasGrown()) look();
}

// The end.

void IoThread::closeSessions(bool keepsUnread) {
  for (const auto id : sessions_.ids()) {
    Client* client = sessions_.find(id);
    if (client != nullptr) client->session.close(true, environment_.now(), keepsUnread);
  }
}

void IoThread::closeAll() {
  closeSessions(false);
  doors_.ownPort.connections().close(false);
}

Left IoThread::windDown(bool closesIdle) {
  closeSessions(true);
  auto& connections = doors_.ownPort.connections();
  if (closesIdle) connections.close(true);
  return {sessions_.size(), doors_.connections.size() + connections.size()};
}

void IoThread::cutOffAll() {
  closeAll();
  doors_.connections.cutOffAll();
}

}  // namespace beastio::engine
