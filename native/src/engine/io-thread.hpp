// One I/O thread: it owns the sessions that were opened on it, their connections and their rooms,
// and nothing else touches them. Others reach it by `post`. Each turn of its loop reads what has
// arrived, runs what was posted, sends what was gathered, and wakes the host once.
// Runs on: itself, except where a method says "any thread".
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "beastio/batch.hpp"
#include "beastio/handler.hpp"
#include "beastio/options.hpp"
#include "engine/block.hpp"
#include "engine/client.hpp"
#include "engine/door.hpp"
#include "engine/port.hpp"
#include "engine/rooms-index.hpp"
#include "engine/session-table.hpp"
#include "session/session.hpp"
#include "transport/environment.hpp"

namespace beastio::engine {

class IoThread final : public session::SessionHost {
 public:
  /// Bytes of commands that may wait for a thread before `admit` makes their producer wait.
  static constexpr std::size_t kMaxPendingBytes = 64U << 20U;

  IoThread(unsigned index, unsigned threads, const EngineOptions& options, EngineHandler& handler,
           Port& port, HandOver handOver);
  ~IoThread();

  /// Any thread.
  void start();
  /// Any thread but this one: ends the loop and joins. No handler call follows.
  void stop();

  /// Any thread: runs `task` on this one, in the order posted.
  template <class Task>
  void post(Task task) {
    boost::asio::post(environment_.io, std::move(task));
  }

  /// Any thread: waits until a block of `bytes` may be posted. An I/O thread does not wait, because
  /// it may be the one that is waited for.
  void admit(std::size_t bytes);

  /// Any thread: for what is posted or arrives from now on.
  void setOptions(std::shared_ptr<const EngineOptions> options);

  void execute(const Batch::Block& block);
  void closeAll();
  Door& door() { return door_; }
  transport::Environment& environment() { return environment_; }

 private:
  // SessionHost
  void onMessage(session::Session& session, const Message& message) override;
  void onHeartbeat(session::Session& session) override;
  void onUpgrading(session::Session& session, TransportName to, RequestId request) override;
  void onUpgrade(session::Session& session, TransportName to, RequestId request) override;
  void onUpgradeAbandoned(session::Session& session, RequestId request) override;
  void onDrain(session::Session& session, unsigned marks) override;
  void onClosed(session::Session& session, CloseReason reason,
                std::string_view description) override;
  void wantFlush(session::Session& session) override;
  void wantSettle(session::Session& session) override;
  void wantTimer(session::Session& session, session::TimePoint when) override;
  session::TimePoint excusedUntil() override;
  const EngineOptions& options() const override { return *environment_.options; }

  void run();
  void wait();
  bool runEvents();
  void runTimers(bool heardAll);
  void flush();
  void endBatch();
  void release(std::size_t bytes);
  bool isLast(const Batch::Block& block);
  void prepare(const Batch::Block& block, std::span<const Part> parts,
               const session::Outgoing& model, std::vector<session::Outgoing>& packet);
  bool executeForAny(const Batch::Block& block, const Batch::Block::Command& command, bool isLast);
  void broadcast(const Batch::Block& block, const Batch::Block::Broadcast& broadcast, bool isLast);

  // Members are destroyed from the last to the first: sessions go before the door that answers
  // their polls, and both before the Asio context.
  unsigned index_;
  EngineHandler& handler_;
  transport::Environment environment_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  Door door_;
  SessionTable sessions_;
  RoomsIndex rooms_;
  std::vector<SessionId> toFlush_;
  std::vector<SessionId> toSettle_;
  std::vector<session::Outgoing> outgoing_;  // the packet that is being sent
  std::vector<session::Outgoing> shared_;    // of kSendShared, with the forms its recipients share
  bool isTurnOver_ = false;
  std::size_t unjudgedEvents_ = 0;  // since deadlines were last looked at
  bool stopping_ = false;

  std::mutex admission_;  // the border to producers, not on a connection's path
  std::condition_variable admitted_;
  std::size_t pendingBytes_ = 0;
  bool stopped_ = false;

  std::thread thread_;
};

}  // namespace beastio::engine
