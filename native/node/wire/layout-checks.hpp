// The numbers that JavaScript shares with the public headers: the compiler compares.
// Generated from wire.json by `npm run wire`. One source file includes it.
#pragma once

#include "beastio/host/limits.hpp"
#include "beastio/host/port-events.hpp"
#include "beastio/host/reply.hpp"
#include "beastio/names.hpp"
#include "beastio/options.hpp"
#include "beastio/session-id.hpp"

namespace beastio::addon {

static_assert(static_cast<int>(LeftToHost::kNothing) == 0);
static_assert(static_cast<int>(LeftToHost::kOtherPaths) == 1);
static_assert(static_cast<int>(LeftToHost::kEverything) == 2);

static_assert(static_cast<int>(FailedHandshake::Cause::kRefused) == 0);
static_assert(static_cast<int>(FailedHandshake::Cause::kGone) == 1);
static_assert(static_cast<int>(FailedHandshake::Cause::kTooLate) == 2);

static_assert(static_cast<int>(TransportName::kPolling) == 0);
static_assert(static_cast<int>(TransportName::kWebSocket) == 1);
static_assert(static_cast<int>(TransportName::kWebTransport) == 2);

static_assert(static_cast<int>(CloseReason::kTransportClose) == 0);
static_assert(static_cast<int>(CloseReason::kTransportError) == 1);
static_assert(static_cast<int>(CloseReason::kPingTimeout) == 2);
static_assert(static_cast<int>(CloseReason::kParseError) == 3);
static_assert(static_cast<int>(CloseReason::kForcedClose) == 4);

static_assert(static_cast<int>(Limit::kMaxClients) == 0);
static_assert(static_cast<int>(Limit::kMaxClientsPerAddress) == 1);
static_assert(static_cast<int>(Limit::kMaxHandshakesPerSecond) == 2);
static_assert(static_cast<int>(Limit::kDraining) == 3);
static_assert(static_cast<int>(Limit::kMaxMessagesPerSecond) == 4);
static_assert(static_cast<int>(Limit::kMaxBytesPerSecond) == 5);
static_assert(static_cast<int>(Limit::kMaxConnectionsPerAddress) == 6);

static_assert(static_cast<int>(ContentType::kNone) == 0);
static_assert(static_cast<int>(ContentType::kText) == 1);
static_assert(static_cast<int>(ContentType::kHtml) == 2);
static_assert(static_cast<int>(ContentType::kJson) == 3);
static_assert(static_cast<int>(ContentType::kOctetStream) == 4);

static_assert(SessionId::kSlotBits == 24);

}  // namespace beastio::addon
