// What crosses between JavaScript and the addon: the numbers that both name.
// Generated from wire.json by `npm run wire`.
#pragma once

#include <cstdint>

namespace beastio::addon {

/// Of the description. JavaScript that was generated from another one does not fit.
inline constexpr char kWireHash[] = "7c320dabb97422ba";

/// The first number of a record.
enum class Record : std::int32_t {
  kOpen = 1,
  kEvent = 2,
  kPacket = 3,
  kText = 4,
  kBinary = 5,
  kClose = 6,
  kUpgrading = 7,
  kUpgrade = 8,
  kHeartbeat = 9,
  kDrain = 10,
  kResponse = 11,
  kVerified = 12,
  kRefused = 13,
  kStreamWrite = 14,
  kStreamEnd = 15,
  kStreamTaken = 16,
  kGone = 17,
  kAbandoned = 18,
  kConnection = 19,
  kPortIdle = 20,
  kTlsConnection = 21,
  kHandshakeFailed = 22,
  kString = 23,
  kTlsWrite = 24,
  kTlsEnd = 25,
  kTlsDrain = 26,
  kTold = 27,
  kToldBytes = 28,
  kLimit = 29,
  kPressure = 30,
};

/// The first number of a command.
enum class Command : std::int32_t {
  kSend = 1,
  kSendParts = 2,
  kBroadcast = 3,
  kJoin = 4,
  kLeave = 5,
  kClose = 6,
  kShare = 7,
  kSendShared = 8,
  kMark = 9,
  kTerminate = 10,
  kRequest = 11,
  kStreamData = 12,
  kSendString = 13,
  kTick = 14,
  kNote = 15,
  kWatch = 16,
  kPause = 17,
  kSlowClient = 18,
};

/// How a flush hands over: for later, to the I/O threads now, or laid down for threads that look
/// soon. CLAIM, with NOW: this thread wants to run the I/O loops for it. It also says whether the
/// flush goes on with the tick of the last one.
inline constexpr std::int32_t kSubmitLater = 0;
inline constexpr std::int32_t kSubmitNow = 1;
inline constexpr std::int32_t kSubmitContinued = 2;
inline constexpr std::int32_t kSubmitLaid = 4;
inline constexpr std::int32_t kSubmitClaim = 8;

/// Words that both sides see (`turn` of the addon's engine). OPEN: the number of the last flush in
/// the turn that goes on, or 0. DUE: an I/O thread found that flush to be more than a millisecond
/// old.
inline constexpr std::int32_t kTurnOpen = 0;
inline constexpr std::int32_t kTurnDue = 1;

/// Flags of a packet. The packet's type stands above them: see PACKET_TYPE.
inline constexpr std::int32_t kFlagVolatile = 1;
inline constexpr std::int32_t kFlagNoCompress = 2;

/// The type of a packet as it stands above the flags. A message is 0.
inline constexpr int kPacketTypeShift = 2;
inline constexpr std::int32_t kPacketTypeZero = 4;

/// Flags of a request: it is an upgrade; it is to be verified and not served; it was verified
/// before.
inline constexpr std::int32_t kRequestFlagUpgrade = 1;
inline constexpr std::int32_t kRequestFlagVerifyOnly = 2;
inline constexpr std::int32_t kRequestFlagVerified = 4;

/// Questions to the TLS of a connection: see `askTls` of the addon's engine.
enum class TlsQuestion : std::int32_t {
  kSession = 1,
  kFinished = 2,
  kPeerFinished = 3,
  kSignatures = 4,
  kKeyingMaterial = 5,
  kMaxRecordBytes = 6
};

/// Where the text of a record stands: in one of the joined texts, or in the extras.
enum class TextPlace : std::int32_t { kLatin1 = 0, kUtf16 = 1, kExtra = 2 };

}  // namespace beastio::addon
