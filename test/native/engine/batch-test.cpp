// Batch: which thread gets which commands, and what they refer to.
#include "beastio/host/batch.hpp"

#include <catch2/catch.hpp>

#include "beastio/host/attached.hpp"
#include "engine/commands/block.hpp"
#include "engine/registry/sids.hpp"

using namespace beastio;
using Kind = Batch::Block::Kind;

namespace {

SessionId idOn(unsigned thread) {
  return {.place = (thread << SessionId::kSlotBits) | 5U, .generation = 1};
}

}  // namespace

TEST_CASE("Commands for a session go to its thread, broadcasts to all", "[batch]") {
  Batch batch(2);
  CHECK(batch.empty());
  const Part parts[] = {batch.addText("hello"), batch.addBinary("\x01\x02")};
  CHECK(batch.empty());  // bytes alone are no command
  batch.send(idOn(0), parts, 2, {.isVolatile = true});
  batch.broadcast({.rooms = {7}}, {parts[1]}, {});
  batch.join(idOn(1), 7);
  batch.leave(idOn(1), 8);
  batch.close(idOn(1), true);
  CHECK_FALSE(batch.empty());

  const auto block = batch.take();
  const auto& first = block->perThread[0];
  const auto& second = block->perThread[1];
  REQUIRE(first.size() == 2);
  CHECK(first[0].kind == Kind::kSend);
  CHECK(first[0].flags.isVolatile);
  CHECK(first[0].count == 2);
  CHECK(block->view(block->parts[first[0].first]) == "hello");
  CHECK(block->parts[first[0].first + 1].binary);
  CHECK(block->view(block->parts[first[0].first + 1]) == "\x01\x02");
  CHECK(first[1].kind == Kind::kBroadcast);
  REQUIRE(second.size() == 4);
  CHECK(second[0].kind == Kind::kBroadcast);
  CHECK(block->broadcasts[second[0].first].audience.rooms == std::vector<RoomId>{7});
  CHECK(second[1].kind == Kind::kJoin);
  CHECK(second[1].first == 7);
  CHECK(second[2].kind == Kind::kLeave);
  CHECK(second[3].kind == Kind::kClose);
  CHECK(second[3].discard);
  CHECK(second[3].id == idOn(1));

  CHECK(batch.empty());
  CHECK(batch.byteCount() == 0);
  CHECK(batch.take()->perThread.size() == 2);
}

TEST_CASE("A shared packet is kept once, whoever gets it", "[batch]") {
  Batch batch(2);
  batch.sendShared(idOn(0));  // nothing is shared yet
  CHECK(batch.empty());
  const Part parts[] = {batch.addText("hello"), batch.addBinary("\x01")};
  batch.share(parts, 2, {.isVolatile = true});
  CHECK(batch.empty());
  batch.sendShared(idOn(0));
  batch.sendShared(idOn(1));
  batch.sendShared(idOn(0));
  batch.sendShared(idOn(2));
  batch.share(parts, 1, {});
  batch.sendShared(idOn(1));

  const auto block = batch.take();
  CHECK(block->parts.size() == 3);
  const auto& first = block->perThread[0];
  const auto& second = block->perThread[1];
  REQUIRE(first.size() == 2);
  REQUIRE(second.size() == 2);
  CHECK(first[0].kind == Kind::kSendShared);
  CHECK(first[0].flags.isVolatile);
  CHECK(first[0].id == idOn(0));
  CHECK(block->partsOf(first[0]).size() == 2);
  CHECK(block->partsOf(first[0]).data() == block->partsOf(second[0]).data());
  CHECK(block->partsOf(second[1]).size() == 1);
  CHECK_FALSE(second[1].flags.isVolatile);

  batch.sendShared(idOn(0));  // what was taken is shared no more
  CHECK(batch.empty());
}

TEST_CASE("A request goes to the thread of its session, or to the next in turn", "[batch]") {
  Batch batch(4);
  const auto request = [](std::string target, std::string sid = {}) {
    AttachedRequest result;
    result.target = std::move(target);
    result.sid = std::move(sid);
    return result;
  };
  batch.request(request("/?sid=named&transport=polling"));
  batch.request(request("/?transport=polling", "chosen"));
  for (int i = 0; i < 8; ++i) batch.request(request("/?transport=polling"));
  batch.streamData(3, 9, batch.addBinary("\x01\x02"));

  const auto block = batch.take();
  CHECK(block->requests.size() == 10);
  CHECK(block->cost(0) > block->bytes.size() + 10 * std::string_view("/?transport=polling").size());
  std::vector<std::size_t> expected(4, 2);
  ++expected[engine::threadOf("named", 4)];
  ++expected[engine::threadOf("chosen", 4)];
  ++expected[3];
  for (unsigned i = 0; i < 4; ++i) CHECK(block->perThread[i].size() == expected[i]);
  const auto& last = block->perThread[3].back();
  REQUIRE(last.kind == Kind::kStreamData);
  CHECK(block->streamData[last.first].stream == 9);
  CHECK(block->view(block->streamData[last.first].bytes) == "\x01\x02");
}

TEST_CASE("Commands for a thread that does not exist are dropped", "[batch]") {
  Batch batch(2);
  const Part part = batch.addText("x");
  batch.send(idOn(2), &part, 1, {});
  batch.join(idOn(63), 1);
  batch.leave(idOn(2), 1);
  batch.close(idOn(2), false);
  batch.streamData(2, 1, part);
  CHECK(batch.empty());
}

TEST_CASE("Bytes can be filled in by the caller", "[batch]") {
  Batch batch(1);
  batch.addText("ab");
  std::copy_n("cdef", 4, batch.extend(4));
  CHECK(batch.byteCount() == 6);
  CHECK(batch.bytesFrom(1) == "bcdef");
}

TEST_CASE("Bytes of a batch can be copied and taken back", "[batch]") {
  Batch batch(1);
  const auto head = batch.addText("head");
  const auto offset = batch.byteCount();
  batch.addCopy(head);
  batch.addText("tail");
  CHECK(batch.bytesFrom(offset) == "headtail");
  batch.shrink(offset);
  CHECK(batch.bytesFrom(0) == "head");
}

TEST_CASE("A large block is used again, empty, once nobody has it", "[batch]") {
  Batch batch(2);
  const std::string large(16 * 1024, 'x');
  const auto fill = [&batch, &large] {
    const auto part = batch.addText(large);
    batch.send(idOn(1), &part, 1, {});
    return batch.take();
  };
  auto first = fill();
  auto second = fill();
  CHECK(second != first);
  const auto* const memory = second->bytes.view().data();
  first.reset();
  second.reset();  // the next one, which the batch had before that, is the third
  auto third = fill();
  auto fourth = fill();
  CHECK(fourth->bytes.view().data() == memory);
  REQUIRE(fourth->perThread.size() == 2);
  CHECK(fourth->perThread[0].empty());
  REQUIRE(fourth->perThread[1].size() == 1);
  CHECK(fourth->view(fourth->parts[fourth->perThread[1][0].first]) == large);
}
