// What can be set on an engine. Validated and interpreted by the host; the engine takes the values
// as they are.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace beastio {

/// permessage-deflate (RFC 7692); the names and meanings of `ws`'s options.
struct PerMessageDeflateOptions {
  static constexpr int kAsOffered = 0;  ///< window bits: what the client offers
  static constexpr int kRefused = -1;   ///< window bits: are not agreed on

  std::size_t threshold = 1024;  ///< bytes; with context takeover every message is compressed
  std::optional<bool> serverNoContextTakeover{};  ///< absent: as the client asks
  bool clientNoContextTakeover = false;  ///< ask clients to compress each message by itself
  int serverMaxWindowBits = kAsOffered;  ///< 8 to 15
  int clientMaxWindowBits = kAsOffered;  ///< 8 to 15
  int level = -1;                        ///< of zlib
  int memLevel = 8;                      ///< of zlib
  int strategy = 0;                      ///< of zlib
};

/// Which connections of the engine's own port the host gets (EngineHandler::onConnection).
enum class LeftToHost : std::uint8_t {
  kNothing,     ///< requests for other paths are answered with 404
  kOtherPaths,  ///< those whose request is not for EngineOptions::path
  kEverything,  ///< all, each with its next request
};

/// CORS on the engine's own port, with the meaning of the package `cors` and its bytes. It concerns
/// what is requested at EngineOptions::path or below.
struct CorsOptions {
  /// Who may read answers, each as its Origin header says it ("https://example.com"), or "*" for
  /// everybody. Browsers take "*" only from servers that want no credentials.
  std::vector<std::string> origins{};
  bool credentials = false;                      ///< pages may send cookies
  std::vector<std::string> methods{};            ///< empty: GET,HEAD,PUT,PATCH,POST,DELETE
  std::vector<std::string> allowedHeaders{};     ///< empty: those that are asked for
  std::vector<std::string> exposedHeaders{};     ///< that pages may read
  std::optional<std::chrono::seconds> maxAge{};  ///< of a preflight; absent: the browser's choice
  int preflightStatus = 204;                     ///< of the answer to a preflight
};

/// The engine's own port: limits and times of its HTTP, with Node's names and defaults.
struct PortOptions {
  LeftToHost leftToHost = LeftToHost::kNothing;  ///< which connections the host gets

  std::chrono::milliseconds headersTimeout{60'000};  ///< for a header, from its first byte; 0: none
  std::chrono::milliseconds requestTimeout{300'000};  ///< for a whole request; 0: none
  std::chrono::milliseconds keepAliveTimeout{5'000};  ///< for the next request; 0: none

  /// How long a body may take at any pace; then it must have brought `minBodyBytesPerSecond` on
  /// average, or the request is answered with 408.
  std::chrono::milliseconds bodyTimeout{10'000};
  std::size_t minBodyBytesPerSecond = 1024;  ///< see bodyTimeout
  std::size_t maxHeaderBytes = 16 * 1024;    ///< of a request; beyond it: 431
  std::size_t maxHeadersCount = 2'000;       ///< fields of a request; beyond it: 431
  std::size_t maxConnections = 0;            ///< further ones are closed; 0: no limit

  /// Compress polling answers from so many bytes on, for clients that accept it; absent: never.
  std::optional<std::size_t> compressionThreshold{};

  /// Call EngineHandler::onRefused for requests on the port.
  bool reportRefusals = true;

  /// Call EngineHandler::onHandshakeFailed for handshakes of TLS on the port.
  bool reportHandshakes = false;

  /// What stands before the sid in the Set-Cookie of a handshake; empty: no cookie.
  std::string cookieStart{};
  /// What stands behind the sid.
  std::string cookieEnd{};

  /// Absent: no CORS headers, and a preflight is refused as any request that is none of Engine.IO.
  std::optional<CorsOptions> cors{};
};

/// Who may come: limits that turn clients away before the host hears of them. Where it is 0 there
/// is none. Clients that are there stay when a limit is lowered.
struct AdmissionOptions {
  bool isDraining = false;               ///< nobody new is let in: 503
  std::size_t maxClients = 0;            ///< sessions in all; a further one is refused with 503
  std::size_t maxClientsPerAddress = 0;  ///< sessions of one address; beyond it: 429
  /// Connections to the own port of one address that is no trusted proxy's; a further one is
  /// closed.
  std::size_t maxConnectionsPerAddress = 0;
  /// How many handshakes an address may make at once, and how many each second; beyond it: 429.
  std::size_t maxHandshakesPerSecond = 0;
  /// How many bits of an IPv6 address count, 1 to 128. Providers give each customer at least 64.
  unsigned ipv6PrefixBits = 64;
  /// Whose X-Forwarded-For is believed: addresses, ranges ("10.0.0.0/8", "fd00::/8"), or the names
  /// "loopback", "linklocal" and "uniquelocal". With any, a unix socket is a proxy as well.
  std::vector<std::string> trustedProxies{};
};

/// What becomes of a client that sends too fast.
enum class RatePolicy : std::uint8_t {
  kPause,       ///< it is not read for a while, or is disconnected if it is a minute ahead
  kDisconnect,  ///< its session ends with `transport error`
};

/// How fast a client may send. It may send as much at once as in a second. 0: as fast as it likes.
struct RateOptions {
  std::size_t maxMessagesPerSecond = 0;    ///< packets of Engine.IO; an attachment is one by itself
  std::size_t maxBytesPerSecond = 0;       ///< of their data
  RatePolicy policy = RatePolicy::kPause;  ///< what becomes of a client that is faster
};

/// What becomes of a client that takes less than it is sent.
enum class SlowClientPolicy : std::uint8_t {
  kDisconnect,    ///< beyond maxSendQueueBytes it must take something within `sendTimeout`
  kDropOldest,    ///< no more than maxSendQueueBytes wait: for a new message the oldest are dropped
  kDropVolatile,  ///< only volatile messages are dropped; hardMaxSendQueueBytes is its only bound
};

/// Who runs the I/O loops of a host that can (EngineHandler::canDrive).
enum class IoDriver : std::uint8_t {
  kAuto,    ///< the host's thread while it is mostly idle, or there is one processor, and clients
            ///< are active
  kThread,  ///< the I/O threads only
  kHost,    ///< the host's thread, but while it is late
};

/// What can be set on an engine, with its defaults.
struct EngineOptions {
  /// Threads that do all socket I/O, 1 to SessionId::kMaxThreads.
  unsigned ioThreads = 1;
  /// Fixed at the start.
  IoDriver ioDriver = IoDriver::kAuto;

  /// Request path on the engine's own port. Without a trailing slash it is served with one too.
  std::string path = "/engine.io/";
  PortOptions port{};            ///< the engine's own port
  AdmissionOptions admission{};  ///< limits of who may come
  RateOptions rate{};            ///< limits of how fast a client may send

  std::chrono::milliseconds pingInterval{25'000};    ///< between two PINGs to a client
  std::chrono::milliseconds pingTimeout{20'000};     ///< for the PONG; then `ping timeout`
  std::chrono::milliseconds upgradeTimeout{10'000};  ///< for an upgrade, from its probe on

  /// How long a closing session waits for the next poll, or for the peer's close frame.
  std::chrono::milliseconds closeTimeout{30'000};

  /// Most bytes of one message or of one POST body.
  std::size_t maxHttpBufferSize = 1'000'000;

  /// Most frames of one fragmented message.
  std::size_t maxFragments = 16'384;

  /// Bytes that may wait for one slow client, however slow it is; beyond it a client that takes
  /// nothing for `sendTimeout` is disconnected (`transport error`). Between polls each packet
  /// counts for some 40 bytes more than its data. A single message is always accepted by an empty
  /// queue.
  std::size_t maxSendQueueBytes = 64U << 20U;

  /// Within which time a client with more than that must take something.
  std::chrono::milliseconds sendTimeout{10'000};

  /// Most bytes that may wait for one client; beyond it the client is disconnected at once. Absent:
  /// four times maxSendQueueBytes.
  std::optional<std::size_t> hardMaxSendQueueBytes{};

  /// Most bytes that may wait for all clients together; a payload that many of them share counts
  /// once. Beyond it those are disconnected first that have let the most wait for the longest.
  std::size_t maxTotalSendQueueBytes = 1U << 30U;

  /// What becomes of a client for which more than maxSendQueueBytes would wait. The last message is
  /// never dropped, nor are packets of Socket.IO other than events that await no acknowledgement.
  SlowClientPolicy slowClientPolicy = SlowClientPolicy::kDisconnect;

  /// Give memory that a storm has left free back to the system (malloc_trim of glibc, elsewhere
  /// without effect). It concerns the whole process: other threads that allocate meanwhile wait.
  bool trimMemory = false;

  /// Most bytes of messages that wait for the host, per I/O thread. Beyond it each connection is
  /// read in small pieces, and no further once one of them had something for the host.
  std::size_t maxInboxBytes = 16U << 20U;

  /// Most bytes of one connection among them; beyond it that connection is not read. See
  /// InboxMeter::kept.
  std::size_t maxInboxBytesPerClient = 1U << 20U;

  /// Serve clients of protocol 3 too: whoever does not ask for protocol 4.
  bool allowEIO3 = false;

  /// A message that every new session gets first; empty: none.
  std::string initialPacket{};
  bool initialPacketIsBinary = false;  ///< whether that is bytes

  /// Compression of WebSocket messages, if clients offer it; empty: none. Fixed at the start.
  std::optional<PerMessageDeflateOptions> perMessageDeflate{};

  bool polling = true;        ///< serve the transport `polling`
  bool websocket = true;      ///< serve the transport `websocket`
  bool webtransport = false;  ///< named in handshakes; sessions come by Engine::webTransport
  bool allowUpgrades = true;  ///< from one transport to a better one

  /// Tell the host's handler where a Socket.IO EVENT or ACK has its namespace, id and payload.
  bool parseSocketioHeader = false;
};

}  // namespace beastio
