#include "engine/io-thread.hpp"

#include <pthread.h>

#include <algorithm>
#include <chrono>

#include "transport/tcp-stream.hpp"

namespace beastio::engine {
namespace {

// A turn ends, and the host is woken, after so many events even if more have arrived.
constexpr int kMaxEventsPerTurn = 256;

// How many recipients ahead of the one that is sent to the next step of prefetching is.
constexpr std::size_t kPrefetchStride = 2;

// How late a host may always come, however short the time-out is.
constexpr std::chrono::milliseconds kLeastPatience{250};

// Whether the calling thread is an I/O thread, of whichever engine.
thread_local bool onIoThread = false;

}  // namespace

IoThread::IoThread(unsigned index, unsigned threads, const EngineOptions& options,
                   EngineHandler& handler, Port& port, HandOver handOver)
    : index_(index),
      handler_(handler),
      work_(environment_.io.get_executor()),
      door_(index, threads, environment_, *this, sessions_, handler, port, std::move(handOver)),
      sessions_(index),
      rooms_(sessions_) {
  // Asio opens its epoll with the first socket of a context: when clients come, and perhaps none of
  // the process's descriptors is left.
  const transport::TcpStream::Socket opensEpoll(environment_.io.get_executor());
  environment_.options = std::make_shared<const EngineOptions>(options);
  if (const auto& deflate = options.perMessageDeflate) {
    environment_.deflatePool = std::make_unique<protocol::DeflatePool>(
        protocol::DeflateSettings{deflate->level, deflate->memLevel, deflate->strategy},
        deflate->threshold);
  }
}

IoThread::~IoThread() { stop(); }

void IoThread::start() {
  thread_ = std::thread([this] { run(); });
}

void IoThread::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(admission_);
    stopped_ = true;
  }
  admitted_.notify_all();
  post([this] { stopping_ = true; });
  thread_.join();
}

// The loop.

void IoThread::run() {
  onIoThread = true;
  pthread_setname_np(pthread_self(), ("beastio-io-" + std::to_string(index_)).c_str());
  while (!stopping_) {
    wait();
    runTimers(runEvents());
    endBatch();
  }
}

// Runs the first thing that happens, or returns when the next deadline has come.
void IoThread::wait() {
  environment_.forgetNow();
  isTurnOver_ = false;
  if (const auto next = environment_.timers.next()) {
    environment_.io.run_one_until(*next);
  } else {
    environment_.io.run_one();
  }
}

// Returns whether nothing is left to be read.
bool IoThread::runEvents() {
  for (int i = 1; i < kMaxEventsPerTurn && !environment_.isTurnFull(); ++i) {
    if (isTurnOver_) return false;
    if (environment_.io.poll_one() == 0) return true;
    ++unjudgedEvents_;
  }
  return false;
}

// Nobody misses a deadline because this thread did, as on a machine that was suspended: what has
// come meanwhile is read first, or under endless load as much as there is when each has its turn.
void IoThread::runTimers(bool heardAll) {
  if (!heardAll && unjudgedEvents_ < 2 * sessions_.size() + kMaxEventsPerTurn) return;
  unjudgedEvents_ = 0;
  environment_.timers.run(environment_.now());
}

// Sends what was gathered.
void IoThread::flush() {
  for (std::size_t i = 0; i < toFlush_.size(); ++i) {
    if (Client* client = sessions_.find(toFlush_[i])) client->session.flush();
  }
  toFlush_.clear();
  environment_.flushAll();
}

void IoThread::endBatch() {
  flush();
  for (std::size_t i = 0; i < toSettle_.size(); ++i) {
    if (Client* client = sessions_.find(toSettle_[i])) client->session.settle();
  }
  toSettle_.clear();
  environment_.emptyGraveyard();
  environment_.bytesRead = 0;
  if (!handler_.onBatchEnd()) environment_.pauseReading();
}

// The border.

void IoThread::admit(std::size_t bytes) {
  std::unique_lock lock(admission_);
  if (!onIoThread) {
    admitted_.wait(lock, [this] { return stopped_ || pendingBytes_ < kMaxPendingBytes; });
  }
  pendingBytes_ += bytes;
}

void IoThread::release(std::size_t bytes) {
  {
    const std::lock_guard lock(admission_);
    pendingBytes_ -= bytes;
  }
  admitted_.notify_one();
}

// Whether no other block waits for this thread.
bool IoThread::isLast(const Batch::Block& block) {
  const std::lock_guard lock(admission_);
  return pendingBytes_ == block.cost(index_);
}

// Commands.

void IoThread::execute(const Batch::Block& block) {
  using Kind = Batch::Block::Kind;
  const auto& commands = block.perThread[index_];
  const bool isLastBlock = isLast(block);
  const Part* sharedParts = nullptr;  // what `shared_` was made from
  for (const auto& command : commands) {
    const bool isLastCommand = isLastBlock && &command == &commands.back();
    if (executeForAny(block, command, isLastCommand)) continue;
    Client* client = sessions_.find(command.id);
    if (client == nullptr) continue;
    switch (command.kind) {
      case Kind::kSend:
        prepare(block, block.partsOf(command),
                {.type = static_cast<protocol::PacketType>(command.flags.type),
                 .compress = command.flags.compress},
                outgoing_);
        client->session.send(outgoing_, command.flags);
        break;
      case Kind::kSendShared: {
        const auto parts = block.partsOf(command);
        if (sharedParts != parts.data()) {
          prepare(block, parts, {.compress = command.flags.compress, .toMany = true}, shared_);
          sharedParts = parts.data();
        }
        client->session.send(shared_, command.flags);
        break;
      }
      case Kind::kJoin:
        rooms_.join(*client, command.first);
        break;
      case Kind::kLeave:
        rooms_.leave(*client, command.first);
        break;
      case Kind::kMark:
        client->session.mark();
        break;
      case Kind::kClose:
        client->session.close(command.discard, environment_.now());
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
  outgoing_.clear();  // a large message is not kept until the next one
  shared_.clear();
  release(block.cost(index_));
  if (!isLastBlock) return;
  flush();  // answers leave before more is read
  isTurnOver_ = true;
}

// Executes a command that is not for one session, if it is one. Nothing waits behind the last one.
bool IoThread::executeForAny(const Batch::Block& block, const Batch::Block::Command& command,
                             bool isLast) {
  using Kind = Batch::Block::Kind;
  switch (command.kind) {
    case Kind::kBroadcast:
      broadcast(block, block.broadcasts[command.first], isLast);
      return true;
    case Kind::kRequest:
      door_.request(block.requests[command.first]);
      return true;
    case Kind::kStreamData: {
      const auto& [stream, bytes] = block.streamData[command.first];
      door_.streamData(stream, std::string(block.view(bytes)));
      return true;
    }
    default:
      return false;
  }
}

void IoThread::prepare(const Batch::Block& block, std::span<const Part> parts,
                       const session::Outgoing& model, std::vector<session::Outgoing>& packet) {
  packet.assign(parts.size(), model);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    packet[i].binary = parts[i].binary;
    packet[i].data = block.view(parts[i]);
  }
}

void IoThread::broadcast(const Batch::Block& block, const Batch::Block::Broadcast& broadcast,
                         bool isLast) {
  const auto audience = rooms_.resolve(broadcast.audience);
  prepare(block, broadcast.parts,
          {.compress = broadcast.flags.compress,
           .toMany = audience.size() > 1,
           .isLast = isLast && broadcast.parts.size() == 1},
          outgoing_);
  const auto soon = [audience](std::size_t index, auto prefetch) {
    if (index < audience.size()) prefetch(audience[index]);
  };
  for (std::size_t i = 0; i < audience.size(); ++i) {
    soon(i + 3 * kPrefetchStride, [](auto* client) { client->session.prefetchSelf(); });
    soon(i + 2 * kPrefetchStride, [](auto* client) { client->session.prefetchChannel(); });
    soon(i + kPrefetchStride, [](auto* client) { client->session.prefetchFurther(); });
    audience[i]->session.send(outgoing_, broadcast.flags);
  }
}

void IoThread::setOptions(std::shared_ptr<const EngineOptions> options) {
  environment_.renewOptions(std::move(options));
  post([this] { environment_.takeOptions(); });
}

void IoThread::closeAll() {
  for (const auto id : sessions_.ids()) {
    if (Client* client = sessions_.find(id)) client->session.close(true, environment_.now());
  }
  door_.closeHttp(false);
}

// SessionHost.

void IoThread::onMessage(session::Session& session, const Message& message) {
  handler_.onMessage(session.id(), message);
}

void IoThread::onHeartbeat(session::Session& session) { handler_.onHeartbeat(session.id()); }

void IoThread::onUpgrading(session::Session& session, TransportName to, RequestId request) {
  handler_.onUpgrading(session.id(), to, request);
}

void IoThread::onUpgrade(session::Session& session, TransportName to, RequestId request) {
  handler_.onUpgrade(session.id(), to, request);
}

void IoThread::onUpgradeAbandoned(session::Session& session, RequestId request) {
  handler_.onUpgradeAbandoned(session.id(), request);
}

void IoThread::onDrain(session::Session& session, unsigned marks) {
  handler_.onDrain(session.id(), marks);
}

void IoThread::onClosed(session::Session& session, CloseReason reason,
                        std::string_view description) {
  const auto id = session.id();
  rooms_.leaveAll(*sessions_.find(id));
  environment_.bury(std::shared_ptr<Client>(sessions_.remove(id)));
  handler_.onClose(id, reason, description);
}

void IoThread::wantFlush(session::Session& session) { toFlush_.push_back(session.id()); }

void IoThread::wantSettle(session::Session& session) { toSettle_.push_back(session.id()); }

void IoThread::wantTimer(session::Session& session, session::TimePoint when) {
  if (Client* client = sessions_.find(session.id())) client->armTimer(when);
}

// A client that takes three quarters of its time to answer is spared whenever the host is at fault.
session::TimePoint IoThread::excusedUntil() {
  return handler_.excusedUntil(std::max(options().pingTimeout / 4, kLeastPatience));
}

}  // namespace beastio::engine
