// SendQueue: whatever is appended comes out in order, at every split of the writes.
#include "transport/loop/send-queue.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace beastio::transport;
using beastio::protocol::asBytes;

namespace {

std::string textOf(std::span<const beastio::protocol::Bytes> buffers) {
  std::string text;
  for (const auto& buffer : buffers) {
    text.append(beastio::protocol::asText(buffer));
  }
  return text;
}

std::shared_ptr<const std::string> shared(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

/// Writes all of `queue` in steps of `step` bytes.
std::string drain(SendQueue& queue, std::size_t step) {
  std::string out;
  while (!queue.empty()) {
    SendQueue::Buffers buffers;
    const auto first = textOf(queue.gather(buffers));
    const auto count = std::min(step, first.size());
    out.append(first, 0, count);
    queue.consume(count);
  }
  return out;
}

}  // namespace

TEST_CASE("SendQueue keeps the order at every split", "[send-queue]") {
  ChunkPool pool;
  std::string expected;
  for (std::size_t step = 1; step < 40; ++step) {
    SendQueue queue(pool);
    expected.clear();
    const auto add = [&](std::string text) {
      expected += text;
      queue.append(asBytes(text));
    };
    add("head");
    queue.append(shared("-payload-"));
    expected += "-payload-";
    add("a");
    add("");
    add("bc");
    queue.append(shared(""));
    queue.append(shared("x"));
    queue.append(shared("yz"));
    expected += "xyz";
    add("tail");
    CAPTURE(step);
    CHECK(queue.bytes() == expected.size());
    CHECK(drain(queue, step) == expected);
    CHECK(queue.bytes() == 0);
  }
}

TEST_CASE("SendQueue goes on with appends between partial writes", "[send-queue]") {
  ChunkPool pool;
  SendQueue queue(pool);
  std::string expected;
  std::string out;
  for (int i = 0; i < 1000; ++i) {
    const auto text = std::to_string(i) + ",";
    expected += text;
    if (i % 3 == 0) {
      queue.append(shared(text));
    } else {
      queue.append(asBytes(text));
    }
    SendQueue::Buffers buffers;
    out += textOf(queue.gather(buffers)).substr(0, 3);
    queue.consume(std::min<std::size_t>(3, queue.bytes()));
    CHECK(queue.bytes() == expected.size() - out.size());
  }
  CHECK(out + drain(queue, 1000) == expected);
}

TEST_CASE("SendQueue puts small frames side by side and shares large ones", "[send-queue]") {
  ChunkPool pool;
  SendQueue queue(pool);
  SendQueue::Buffers buffers;
  for (int i = 0; i < 500; ++i) queue.append(asBytes("0123456789"));
  CHECK(queue.gather(buffers).size() == 1);

  const auto payload = shared(std::string(100'000, 'p'));
  queue.append(payload);
  CHECK(payload.use_count() == 2);
  CHECK(queue.gather(buffers)[1].data() == asBytes(*payload).data());
  queue.append(asBytes(std::string(100'000, 'q')));  // more than a chunk
  CHECK(queue.bytes() == 205'000);
  CHECK(drain(queue, 999'999) == [] {
    std::string text;
    for (int i = 0; i < 500; ++i) text += "0123456789";
    return text;
  }() + std::string(100'000, 'p') + std::string(100'000, 'q'));
  CHECK(payload.use_count() == 1);
}

TEST_CASE("SendQueue goes on where a payload that was written at once has stopped",
          "[send-queue]") {
  ChunkPool pool;
  SendQueue queue(pool);
  const auto payload = shared("0123456789");
  queue.append(payload, 10);
  CHECK(queue.empty());
  CHECK(queue.consumed() == 10);
  queue.append(payload, 4);
  queue.append(asBytes("ab"));
  CHECK(queue.bytes() == 8);
  CHECK(queue.consumed() == 14);
  CHECK(drain(queue, 999'999) == "456789ab");
  CHECK(queue.consumed() == 22);
  queue.append(payload, 0);
  CHECK(drain(queue, 3) == "0123456789");
}

TEST_CASE("SendQueue gathers no more buffers than one write takes", "[send-queue]") {
  ChunkPool pool;
  SendQueue queue(pool);
  std::string expected;
  for (int i = 0; i < 200; ++i) {
    expected += std::to_string(i);
    queue.append(shared(std::to_string(i)));
  }
  SendQueue::Buffers buffers;
  CHECK(queue.gather(buffers).size() == SendQueue::kMaxBuffers);
  CHECK(drain(queue, 999'999) == expected);
}

TEST_CASE("SendQueue lends its chunks to the next one", "[send-queue]") {
  ChunkPool pool;
  {
    SendQueue drained(pool);
    drained.append(asBytes("a"));
    drained.consume(1);
    CHECK(pool.spare.size() == 1);
    drained.append(asBytes("b"));
    CHECK(pool.spare.empty());
  }
  CHECK(pool.spare.size() == 1);  // also from a queue that dies full
  SendQueue next(pool);
  next.append(asBytes("c"));
  SendQueue::Buffers buffers;
  CHECK(textOf(next.gather(buffers)) == "c");
}

TEST_CASE("SendQueue counts what it copies, and once what others keep as well", "[send-queue]") {
  ChunkPool pool;
  const auto& waiting = pool.waiting;
  SendQueue one(pool);
  {
    SendQueue other(pool);
    auto payload = pool.waiting.share(std::string(10'000, 'x'));
    CHECK(waiting.bytes() == 10'000);
    one.append(payload);
    other.append(std::move(payload));
    one.append(asBytes("copy"));
    other.append(asBytes("copy"));
    CHECK(waiting.bytes() == 10'008);
    one.consume(10'000);
    CHECK(waiting.bytes() == 10'008);  // the other still has it
  }
  CHECK(waiting.bytes() == 4);
  SECTION("until it is written") { one.consume(4); }
  SECTION("or dropped") {
    one.clear();
    CHECK(one.empty());
    one.append(asBytes("next"));
    CHECK(drain(one, 4) == "next");
  }
  CHECK(waiting.bytes() == 0);
}
