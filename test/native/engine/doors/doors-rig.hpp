// What the parts of the doors need around them, without a thread. Sessions stand between a host and
// a handler that write down what they are told. The test is the peer of the streams.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "beastio/host/attached.hpp"
#include "beastio/host/port-events.hpp"
#include "beastio/options.hpp"
#include "engine/doors/shared/admission.hpp"
#include "engine/doors/shared/connection-table.hpp"
#include "engine/doors/shared/host-streams.hpp"
#include "engine/doors/shared/polling-requests.hpp"
#include "engine/doors/shared/port.hpp"
#include "engine/registry/session-table.hpp"
#include "engine/settings.hpp"
#include "session/session-rig.hpp"
#include "support/recording-handler.hpp"
#include "transport/loop/settings.hpp"
#include "transport/stream/fake-stream.hpp"

namespace beastio::engine::test {

using beastio::test::RecordingHandler;
using session::test::Answer;
using session::test::FakeExchange;
using session::test::FakeHost;
using transport::test::FakeStream;
using Lines = std::vector<std::string>;

struct DoorsRig {
  explicit DoorsRig(EngineOptions options = {}) {
    environment.settings = settingsOf(options);
    host.values = *environment.settings;
  }

  /// A request for a path with that query.
  static Request request(const std::string& query, std::string method = "GET") {
    Request result{.method = std::move(method), .target = "/engine.io/?EIO=4&" + query};
    result.contentType = "text/plain;charset=UTF-8";
    return result;
  }
  /// The same with the headers of a WebSocket's handshake.
  static Request upgrade(const std::string& query) {
    auto result = request(query);
    result.isUpgrade = true;
    result.upgrade = "websocket";
    result.key = "dGhlIHNhbXBsZSBub25jZQ==";
    result.version = "13";
    return result;
  }
  /// A new session, whatever the limits say.
  Client* open(const Entrance& entrance, const session::Dialect& dialect, TransportName transport) {
    return admission.open(entrance, dialect, transport, visitors.enter(1'000));
  }
  std::unique_ptr<FakeExchange> exchange(std::shared_ptr<Answer>& answer, RequestId id = 1) {
    answer = std::make_shared<Answer>();
    return std::make_unique<FakeExchange>(answer, id);
  }

  RecordingHandler handler;
  transport::Environment environment;
  FakeHost host;
  Port port;
  Visitors visitors;
  SessionTable sessions{0};
  Admission admission{environment, host, sessions, handler, visitors, SidSource(0, 1)};
  HostStreams streams{0, environment, handler, port};
  PollingRequests polling{environment, sessions, admission};
  ConnectionTable connections{environment, sessions, admission, streams, handler, port};
};

}  // namespace beastio::engine::test
