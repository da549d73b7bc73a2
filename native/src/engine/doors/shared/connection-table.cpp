#include "engine/doors/shared/connection-table.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "beastio/host/handler.hpp"
#include "beastio/names.hpp"
#include "transport/channel/websocket-connection.hpp"
#include "transport/channel/webtransport-connection.hpp"
#include "transport/http/websocket-accept.hpp"
#include "transport/loop/settings.hpp"

namespace beastio::engine {
namespace {

protocol::MutableBytes bytesOf(std::string& text) {
  return {reinterpret_cast<std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

ConnectionTable::~ConnectionTable() = default;

void ConnectionTable::acceptWebSocket(const Request& request, const Entrance& entrance,
                                      std::string_view headerLines,
                                      std::shared_ptr<transport::ByteStream> stream,
                                      std::string head) {
  const auto connection =
      std::make_shared<transport::WebSocketConnection>(environment_, *this, std::move(stream));
  connections_.emplace(connection.get(),
                       Entry{connection, entrance.request, entrance.own != nullptr});

  const auto refuse = [&](const session::Refusal& refusal) {
    admission_.report(refusal, entrance);
    connection->refuse(
        transport::refuseUpgrade(session::refusalStatus(refusal), session::messageOf(refusal)));
  };
  const auto verdict = admission_.verify(request);
  if (verdict.refusal) return refuse(*verdict.refusal);
  const auto acceptance =
      transport::acceptWebSocket(request, headerLines, environment_.settings->perMessageDeflate);
  if (!acceptance.accepted) return connection->refuse(acceptance.response);
  // The polling transport handles no upgrades: engine.io answers 101 and closes.
  const bool isHandled = verdict.accepted.transport != TransportName::kPolling;
  Admission::Seat seat;
  if (isHandled && verdict.accepted.sid.empty()) {
    const auto refusal = session::verifyProtocol(verdict.accepted, *environment_.settings);
    if (refusal) return refuse(*refusal);
    seat = admission_.takeSeat(entrance);
    if (seat.refusal) return refuse(*seat.refusal);
  }

  connection->sendHandshake(acceptance.response);
  connection->agree(verdict.accepted.dialect, acceptance.deflate);
  session::Session* session = nullptr;
  if (isHandled) {
    session = sessionFor(*connection, verdict.accepted.sid, entrance, std::move(seat.visit));
  }
  connection->start(session, bytesOf(head));
}

void ConnectionTable::acceptWebTransport(const Entrance& entrance, std::string_view sid,
                                         std::shared_ptr<transport::ByteStream> stream,
                                         std::string head) {
  const auto connection =
      std::make_shared<transport::WebTransportConnection>(environment_, *this, std::move(stream));
  connections_.emplace(connection.get(), Entry{connection, entrance.request});
  Admission::Seat seat;
  if (sid.empty()) seat = admission_.takeSeat(entrance);
  auto* const session =
      seat.refusal ? nullptr : sessionFor(*connection, sid, entrance, std::move(seat.visit));
  connection->start(session, bytesOf(head));
}

// A new session, or the one that the connection is to take over; null if that cannot be.
session::Session* ConnectionTable::sessionFor(transport::Connection& connection,
                                              std::string_view sid, const Entrance& entrance,
                                              Visitors::Visit visit) {
  const auto now = environment_.now();
  Client* client = nullptr;
  if (sid.empty()) {
    client = admission_.open(entrance, connection.dialect(), connection.name(), std::move(visit));
    if (client != nullptr) client->session.openOver(connection, now);
  } else {
    client = sessions_.find(sid);
    if (client != nullptr && !client->session.beginUpgrade(connection, entrance.request, now)) {
      return nullptr;
    }
  }
  return client == nullptr ? nullptr : &client->session;
}

// Looks at every connection: an index would cost each of them memory. The host asks only for
// connections without a session, as a session can be terminated by its name.
void ConnectionTable::cutOff(RequestId request) {
  const auto found = std::ranges::find_if(
      connections_, [request](const auto& entry) { return entry.second.request == request; });
  if (found != connections_.end()) found->second.connection->cutOff();
}

void ConnectionTable::cutOffAll() {
  std::vector<std::shared_ptr<transport::Connection>> all;  // each leaves the table
  for (const auto& [key, entry] : connections_) all.push_back(entry.connection);
  for (const auto& connection : all) connection->cutOff();
}

void ConnectionTable::onGone(transport::Connection& connection) {
  auto node = connections_.extract(&connection);
  if (node.empty()) return;
  auto& entry = node.mapped();
  environment_.bury(std::move(entry.connection));
  if (entry.isOwn && port_.leave()) handler_.onPortIdle();
  if (entry.request == 0) return;
  streams_.forget(entry.request);
  handler_.onConnectionGone(entry.request);
}

}  // namespace beastio::engine
