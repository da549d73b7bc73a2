// TlsStream between a client's end of TLS and a carrier that takes as much as the test allows. It
// is about what is joined, what is reported as taken, goodbyes, truncation, and moving to another
// thread.
#include "transport/stream/tls-stream.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "beastio/host/port-events.hpp"
#include "beastio/options.hpp"
#include "beastio/tls-options.hpp"
#include "support/certificates.hpp"
#include "support/run-ready.hpp"
#include "support/tls-client.hpp"
#include "transport/stream/fake-stream.hpp"
#include "transport/stream/tls-handshake.hpp"

using namespace beastio;
using namespace beastio::test;
using namespace beastio::transport;
using namespace beastio::transport::test;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<const TlsContext> context() {
  static const auto made = [] {
    const auto identity = Identity::authority("server");
    TlsOptions options;
    options.credentials.certs = {identity.certificate()};
    options.credentials.keys = {{.pem = identity.key()}};
    options.ciphers = "HIGH";
    options.cipherSuites = "TLS_AES_256_GCM_SHA384";
    std::string error;
    return makeTlsContext(options, error);
  }();
  return made;
}

struct Owner final : StreamOwner {
  std::string received;
  int deliveries = 0;
  int writable = 0;
  int ends = 0;
  std::vector<std::string> closed;
  std::function<void()> onReceived;

  void onBytes(protocol::MutableBytes bytes) override {
    ++deliveries;
    received += protocol::asText(bytes);
    if (onReceived) onReceived();
  }
  void onWritable() override { ++writable; }
  void onEnd() override { ++ends; }
  void onStreamClosed(std::string_view error) override { closed.emplace_back(error); }
};

struct Rig {
  Environment environment;
  std::shared_ptr<FakeStream> carrier = std::make_shared<FakeStream>();
  std::shared_ptr<TlsStream> stream =
      std::make_shared<TlsStream>(environment, carrier, context()->newSession());
  TlsClientContext clientContext;
  TlsClient client{clientContext};
  Owner owner;

  explicit Rig(bool handshake = true) {
    stream->setOwner(owner);
    if (handshake) talk();
  }
  void turn() { beastio::test::runReady(environment); }
  /// Carries bytes until both have nothing to say.
  void talk() {
    client.receive({});
    for (;;) {
      const auto toServer = client.take();
      if (!toServer.empty() && !carrier->closed) carrier->receive(toServer);
      const auto toClient = std::exchange(carrier->written, {});
      if (toServer.empty() && toClient.empty()) return;
      client.receive(toClient);
    }
  }
  std::size_t write(const std::vector<std::string>& texts) {
    std::vector<protocol::Bytes> buffers;
    for (const auto& text : texts) buffers.push_back(protocol::asBytes(text));
    return stream->write(buffers);
  }
};

}  // namespace

TEST_CASE("The owner of a TLS stream hears when it may write", "[tls-stream]") {
  Rig rig(false);
  CHECK(rig.write({"early"}) == 0);
  CHECK(rig.owner.writable == 0);
  rig.talk();
  CHECK(rig.owner.writable == 1);
  CHECK(rig.client.established());
  CHECK(rig.client.plain.empty());
  CHECK(rig.write({"hello"}) == 5);
  rig.client.send("world");
  rig.talk();
  CHECK(rig.client.plain == "hello");
  CHECK(rig.owner.received == "world");
  REQUIRE(rig.stream->tls() != nullptr);
  CHECK(rig.stream->tls()->facts().protocol == "TLSv1.3");
}

TEST_CASE("Small writes are joined to whole records, and these to one write", "[tls-stream]") {
  Rig rig;
  rig.carrier->writes = 0;
  rig.client.records.clear();
  std::vector<std::string> texts;
  std::string all;
  for (int i = 0; i < 64; ++i) all += texts.emplace_back(1000, static_cast<char>('A' + i % 26));
  CHECK(rig.write(texts) == all.size());
  CHECK(rig.carrier->writes == 1);
  rig.talk();
  CHECK(rig.client.plain == all);
  CHECK(rig.client.records == std::vector<std::size_t>{16384, 16384, 16384, 14848});
}

TEST_CASE("Records that come together are delivered together", "[tls-stream]") {
  Rig rig;
  for (int i = 0; i < 1000; ++i) rig.client.send("x");
  rig.talk();
  CHECK(rig.owner.received == std::string(1000, 'x'));
  CHECK(rig.owner.deliveries == 1);
}

TEST_CASE("What the carrier has not taken is not reported as taken", "[tls-stream]") {
  Rig rig;
  const std::string text(100'000, 't');
  rig.carrier->takes = 70'000;  // the first batch of four records, and a part of the second
  CHECK(rig.write({text}) == TlsStream::kBatchBytes);
  CHECK(rig.write({text.substr(TlsStream::kBatchBytes)}) == 0);
  CHECK(rig.owner.writable == 1);
  rig.carrier->unblock();
  CHECK(rig.owner.writable == 2);
  CHECK(rig.write({text.substr(TlsStream::kBatchBytes)}) == text.size() - TlsStream::kBatchBytes);
  rig.talk();
  CHECK(rig.client.plain == text);
}

TEST_CASE("However the carrier takes it, every byte arrives once", "[tls-stream]") {
  Rig rig;
  std::minstd_rand random(GENERATE(range(1U, 20U)));
  std::string text;
  for (int i = 0; i < 300'000; ++i) text.push_back(static_cast<char>('a' + i % 23));
  std::size_t done = 0;
  rig.carrier->takes = 0;
  while (done < text.size()) {
    const auto first = std::min<std::size_t>(random() % 30'000, text.size() - done);
    const auto second = std::min<std::size_t>(random() % 300, text.size() - done - first);
    done += rig.write({text.substr(done, first), text.substr(done + first, second)});
    rig.carrier->unblock(random() % 40'000);
  }
  rig.carrier->unblock();
  rig.talk();
  CHECK(rig.client.plain == text);
}

TEST_CASE("The peer's goodbye is the end, after which it can be written to", "[tls-stream]") {
  Rig rig;
  rig.client.send("last");
  rig.client.end();
  rig.talk();
  CHECK(rig.owner.received == "last");
  CHECK(rig.owner.ends == 1);
  rig.carrier->owner->onEnd();
  CHECK(rig.owner.ends == 1);
  CHECK(rig.owner.closed.empty());
  CHECK(rig.write({"answer"}) == 6);
  rig.stream->shutdownWrite();
  CHECK(rig.carrier->shutDown);
  rig.client.receive(rig.carrier->written);
  CHECK(rig.client.plain == "answer");
  CHECK(rig.client.status == SSL_ERROR_ZERO_RETURN);
}

TEST_CASE("An end without a goodbye is a failure", "[tls-stream]") {
  Rig rig;
  rig.client.send("text that somebody cut sh");
  rig.talk();
  rig.carrier->owner->onEnd();
  CHECK(rig.owner.ends == 0);
  REQUIRE(rig.owner.closed.size() == 1);
  CHECK(rig.owner.closed[0].find("cut off") != std::string::npos);
  CHECK(rig.carrier->closed);
}

TEST_CASE("Our goodbye comes after everything else", "[tls-stream]") {
  Rig rig;
  CHECK(rig.write({"text"}) == 4);
  rig.carrier->takes = 3;
  rig.stream->shutdownWrite();
  CHECK_FALSE(rig.carrier->shutDown);
  rig.carrier->unblock();
  CHECK(rig.carrier->shutDown);
  rig.client.receive(rig.carrier->written);
  CHECK(rig.client.plain == "text");
  CHECK(rig.client.status == SSL_ERROR_ZERO_RETURN);
  CHECK(rig.write({"more"}) == 0);
  rig.client.send("still");
  rig.talk();
  CHECK(rig.owner.received == "still");
}

TEST_CASE("A stream goes on where another thread left it", "[tls-stream]") {
  Rig rig;
  std::shared_ptr<FakeStream> carrier = std::make_shared<FakeStream>();
  std::shared_ptr<TlsStream> next;
  Owner nextOwner;
  rig.owner.onReceived = [&] {
    if (next) return;
    auto released = std::exchange(rig.stream, nullptr)->release();
    next = std::make_shared<TlsStream>(rig.environment, carrier, std::move(released.tls),
                                       std::move(released.unread), std::move(released.unwritten));
  };
  // More than is decrypted at a time.
  const std::string text(100'000, 't');
  rig.client.send(text);
  rig.carrier->receive(rig.client.take());
  REQUIRE(next);
  CHECK(rig.owner.received.size() < text.size());
  next->setOwner(nextOwner);
  CHECK(carrier->owner == nullptr);
  rig.turn();
  REQUIRE(carrier->owner != nullptr);
  CHECK(rig.owner.received + nextOwner.received == text);
  CHECK(nextOwner.writable == 0);
  rig.client.send("more");
  carrier->receive(rig.client.take());
  CHECK(nextOwner.received.ends_with("more"));
  const auto answer = protocol::asBytes("answer");
  CHECK(next->write({&answer, 1}) == 6);
  rig.client.receive(carrier->written);
  CHECK(rig.client.plain == "answer");
}

TEST_CASE("A peer that makes TLS answer and does not read is cut off", "[tls-stream]") {
  Rig rig;
  rig.carrier->takes = 0;
  std::size_t count = 0;
  while (!rig.carrier->closed && count < 20'000) {
    SSL_key_update(rig.client.get(), SSL_KEY_UPDATE_REQUESTED);
    rig.client.send("x");
    rig.carrier->receive(rig.client.take());
    ++count;
  }
  CHECK(rig.carrier->closed);
  CHECK(rig.owner.closed.size() == 1);
  CHECK(count > 10);
}

TEST_CASE("Plain HTTP gets no answer", "[tls-stream]") {
  Rig rig(false);
  rig.carrier->receive("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(rig.carrier->closed);
  CHECK(rig.carrier->written.empty());
  CHECK(rig.owner.closed.size() == 1);
}

TEST_CASE("A failed carrier is told once", "[tls-stream]") {
  Rig rig;
  rig.carrier->owner->onStreamClosed("reset");
  CHECK(rig.owner.closed == std::vector<std::string>{"reset"});
  CHECK(rig.write({"x"}) == 0);
  rig.stream->close();
  CHECK(rig.owner.closed.size() == 1);
}

namespace {

PeerName peerAtPort5() {
  PeerName name{};
  name.sin6_family = AF_INET6;
  name.sin6_port = htons(5);
  return name;
}

struct HandshakeRig final : TlsHandshakeHost {
  Environment environment;
  std::shared_ptr<FakeStream> carrier = std::make_shared<FakeStream>();
  TlsHandshake handshake{environment, *this,
                         std::make_shared<TlsStream>(environment, carrier, context()->newSession()),
                         peerAtPort5()};
  TlsClientContext clientContext;
  TlsClient client{clientContext};
  std::shared_ptr<TlsStream> stream;
  int calls = 0;
  Owner owner;

  HandshakeRig() { handshake.start(environment.now() + 120s); }
  void onHandshake(TlsHandshake&, std::shared_ptr<TlsStream> done) override {
    ++calls;
    stream = std::move(done);
    if (stream) stream->setOwner(owner);
  }
  void onHandshakeFailed(const FailedHandshake& failed) override {
    CHECK(failed.peer.port == 5);
    CHECK(calls == 0);
    causes.push_back(failed.cause);
    error = failed.error;
  }

  std::vector<FailedHandshake::Cause> causes;
  std::string error;
};

}  // namespace

TEST_CASE("A handshake gives the stream to its host, with what came behind it", "[tls-stream]") {
  HandshakeRig rig;
  rig.client.receive({});
  rig.carrier->receive(rig.client.take());
  CHECK(rig.calls == 0);
  rig.client.receive(rig.carrier->written);
  rig.client.send("first");
  rig.carrier->receive(rig.client.take());
  CHECK(rig.calls == 1);
  REQUIRE(rig.stream);
  CHECK(rig.owner.received == "first");
  CHECK(rig.causes.empty());
}

TEST_CASE("A handshake that fails or takes too long is closed", "[tls-stream]") {
  using Cause = FailedHandshake::Cause;
  HandshakeRig rig;
  std::vector<Cause> causes;
  SECTION("too long") {
    causes = {Cause::kTooLate};
    rig.client.receive({});
    rig.carrier->receive(rig.client.take().substr(0, 50));
    rig.environment.timers.run(rig.environment.now() + 119s);
    CHECK(rig.calls == 0);
    rig.environment.timers.run(rig.environment.now() + 120s);
  }
  SECTION("not TLS") {
    causes = {Cause::kRefused};
    rig.carrier->receive("GET / HTTP/1.1\r\n\r\n");
    CHECK(rig.error.ends_with("http request"));
  }
  SECTION("the client goes away") {
    causes = {Cause::kGone};
    rig.carrier->owner->onEnd();
  }
  SECTION("the client breaks off") {
    causes = {Cause::kGone};
    rig.carrier->owner->onStreamClosed("Connection reset by peer");
    rig.carrier->closed = true;
  }
  SECTION("the engine closes") { rig.handshake.destroy(); }
  CHECK(rig.calls == 1);
  CHECK_FALSE(rig.stream);
  CHECK(rig.carrier->closed);
  CHECK(rig.causes == causes);
}
