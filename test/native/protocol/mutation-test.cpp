// Every reader of what clients send, fed with damaged input under the sanitizers. Beyond surviving,
// each must keep its promises. It reads the same wherever the input is cut, its views lie inside
// the input, and limits hold. What it has read can be read again. How to run more of it:
// support/mutator.hpp.
#include <array>
#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/engineio/engineio-packet.hpp"
#include "protocol/engineio/engineio-v3.hpp"
#include "protocol/engineio/jsonp.hpp"
#include "protocol/socketio/socketio-header.hpp"
#include "protocol/socketio/socketio-packet.hpp"
#include "protocol/text/base64.hpp"
#include "protocol/text/json-check.hpp"
#include "protocol/text/json-cursor.hpp"
#include "protocol/text/json-writer.hpp"
#include "protocol/text/query-string.hpp"
#include "protocol/text/utf8.hpp"
#include "protocol/websocket/deflate-offer.hpp"
#include "protocol/websocket/frame-builder.hpp"
#include "protocol/websocket/message-deflater.hpp"
#include "protocol/websocket/message-inflater.hpp"
#include "support/mutator.hpp"

using namespace beastio;
using namespace beastio::protocol;
using beastio::test::Mutator;

namespace {

constexpr std::size_t kRounds = 4'000;

/// A copy on the heap of exactly the text's size, so that a sanitizer sees any step beyond it.
class Exactly {
 public:
  explicit Exactly(std::string_view text) : bytes_(text.begin(), text.end()) {}
  std::string_view text() const { return {bytes_.data(), bytes_.size()}; }
  bool contains(std::string_view view) const {
    return view.empty() || (view.data() >= bytes_.data() &&
                            view.data() + view.size() <= bytes_.data() + bytes_.size());
  }

 private:
  std::vector<char> bytes_;
};

/// Runs `check`, which returns whether all was well, on so many damaged inputs.
template <class Check>
void survive(std::vector<std::string> seeds, Check check) {
  Mutator mutator(std::move(seeds));
  const auto rounds = Mutator::rounds(kRounds);
  for (std::size_t round = 0; round < rounds; ++round) {
    const auto input = mutator.next();
    if (!check(input, mutator)) {
      INFO(input);
      FAIL("round " << round);
    }
  }
}

struct ReadPacket {
  PacketType type;
  bool binary;
  std::string data;
  bool operator==(const ReadPacket&) const = default;
};

/// All packets up to the end or the first error.
template <class Reader>
std::vector<ReadPacket> readAll(Reader reader) {
  std::vector<ReadPacket> packets;
  PacketView packet;
  while (reader.next(packet) == PayloadReader::Result::kPacket) {
    packets.push_back({packet.type, packet.binary, std::string(packet.data)});
  }
  return packets;
}

/// A value as cursors, readers and writers make it anew, whether it is JSON or not.
std::string rewritten(std::string_view value, std::size_t depth) {
  std::string out;
  std::string string;
  double number = 0;
  std::size_t num = 0;
  isPlaceholder(value, num);
  if (depth > 100) return out;
  if (value.starts_with('[')) {
    JsonArrayCursor elements(value);
    while (const auto element = elements.next()) {
      out.append(out.empty() ? "[" : ",").append(rewritten(*element, depth + 1));
    }
    return out.empty() ? "[]" : out + "]";
  }
  if (value.starts_with('{')) {
    JsonObjectCursor members(value);
    while (const auto member = members.next()) {
      out.append(out.empty() ? "{" : ",").append(rewritten(member->key, depth + 1));
      out.append(":").append(rewritten(member->value, depth + 1));
    }
    return out.empty() ? "{}" : out + "}";
  }
  if (readJsonString(value, string)) {
    appendJsonString(string, out);
  } else if (std::int64_t integer = 0; readJsonInteger(value, integer)) {
    appendJsonNumber(integer, out);
  } else if (readJsonNumber(value, number)) {
    appendJsonNumber(number, out);
  } else {
    out = value;
  }
  return out;
}

}  // namespace

TEST_CASE("Damaged WebSocket frames read the same wherever they are cut", "[mutation]") {
  using namespace beastio::protocol::test;
  const FrameParser::Limits limits{
      .maxMessageBytes = 5'000, .maxFragments = 6, .allowCompressed = GENERATE(false, true)};
  survive({text("4hello") + ping("x") + binary(std::string(200, '\x01')) +
               close("\x03\xE8"
                     "bye"),
           frame({.payload = "4gr\xC3", .final = false}) + ping("") +
               frame({.payload = "\xBC\xC3\x9F", .opcode = 0x0}),
           frame({.payload = "compressed", .rsv = 4}) + text(std::string(300, 'a')),
           frame({.payload = std::string(4'000, 'b'), .opcode = 0x2, .lengthBytes = 8}),
           pong(std::string(125, 'p')) + close("")},
          [&](const std::string& input, Mutator& mutator) {
            const auto whole = parse(input, limits);
            if (parse(mutator.cut(input), limits) != whole) return false;
            std::size_t longest = 0;
            for (const auto& line : whole.log) longest = std::max(longest, line.size());
            return longest <= limits.maxMessageBytes + sizeof "compressed 2";
          });
}

TEST_CASE("What was read of a damaged payload of protocol 4 reads the same again", "[mutation]") {
  survive({"4hello\x1e"
           "2\x1e"
           "3probe",
           "bAQIDBA==\x1e"
           "4a\x1e"
           "bAQ",
           "0{\"sid\":\"x\"}\x1e"
           "6",
           "40", "42[\"e\",\"gr\xC3\xBC\xC3\x9F\"]"},
          [](const std::string& input, Mutator&) {
            const Exactly body(input);
            const auto packets = readAll(PayloadReader(body.text()));
            std::string again;
            for (const auto& packet : packets) {
              appendToPayload({packet.type, packet.binary, packet.data}, again);
            }
            return readAll(PayloadReader(again)) == packets;
          });
}

TEST_CASE("Damaged payloads of protocol 3 keep to their text", "[mutation]") {
  survive({"6:4hello2:40", "8:4gr\xC3\xBC\xC3\x9F 1:2", "10:b4AQIDBA==2:41", "85:0{}",
           std::string("\x00\x06\xff"
                       "4hello\x01\x05\xff\x04\x01\x02\x03\x04",
                       17),
           std::string("\x01\x01\x00\xff\x04"
                       "123456789",
                       14)},
          [](const std::string& input, Mutator&) {
            std::string wellFormed;
            appendWellFormedUtf8(input, wellFormed);
            std::size_t total = 0;
            const Exactly text(wellFormed);
            const Exactly bytes(input);
            for (const auto& packet :
                 readAll(v3::PayloadReader(text.text(), v3::PayloadReader::Form::kText))) {
              total += packet.data.size();
            }
            if (total > wellFormed.size()) return false;
            total = 0;
            for (const auto& packet :
                 readAll(v3::PayloadReader(bytes.text(), v3::PayloadReader::Form::kBinary))) {
              total += packet.data.size();
            }
            std::string decoded;
            v3::parseTextPacket(bytes.text(), decoded);
            v3::parseBinaryPacket(bytes.text());
            return total <= input.size();
          });
}

TEST_CASE("The header of a damaged Socket.IO packet lies within it", "[mutation]") {
  survive({"2[\"e\",1]", "2/admin,17[\"e\"]", "3/a,2147483647[]", "37[1]", "2/nsp?a=b,[\"e\"]",
           "51-/x,12[\"e\",{\"_placeholder\":true,\"num\":0}]"},
          [](const std::string& input, Mutator&) {
            const Exactly text(input);
            const auto header = parseSocketioHeader(text.text());
            if (!header) return true;
            return text.contains(header->nsp) && header->id >= SocketioHeader::kNoId &&
                   header->payloadOffset < input.size() && input[header->payloadOffset] == '[';
          });
}

TEST_CASE("A damaged Socket.IO packet is read within it, and written as it was read",
          "[mutation]") {
  survive({"2[\"e\",1]", "2/admin,17[\"e\"]", "3/a,2147483647[]", "0/nsp?a=b,{\"token\":\"x\"}",
           "51-/x,12[\"e\",{\"_placeholder\":true,\"num\":0}]", "63-7[\"\\u0065\",{\"num\":1}]"},
          [](const std::string& input, Mutator&) {
            const Exactly text(input);
            const auto packet = parseSocketioPacket(text.text(), 10);
            if (!packet) return true;
            const auto& [type, attachments, nsp, query, id, payload] = *packet;
            if (!text.contains(query) || !text.contains(payload)) return false;
            if (nsp != "/" && !text.contains(packet->nspWithQuery())) return false;
            const bool isBinary = type >= SocketioPacket::Type::kBinaryEvent;
            if (attachments > 10 || isBinary != (attachments > 0)) return false;
            std::string scratch;
            const auto event = eventNameOf(payload, scratch);
            if (event && event->argumentsAt > payload.size()) return false;
            if (isPayloadValid(*packet, 100) && !payload.empty() && !isValidJson(payload, 100)) {
              return false;
            }
            std::string again;
            appendPacketHeader(again, type, packet->nspWithQuery(), id, attachments);
            const auto header = parseSocketioPacket(again, 10);
            return header && header->type == type && header->attachments == attachments &&
                   header->nspWithQuery() == packet->nspWithQuery() && header->id == id;
          });
}

TEST_CASE("Damaged JSON is refused, or written anew as valid JSON", "[mutation]") {
  survive({R"(["e",{"a":[1,-2.5e+3,true,false,null],"\u00e9\\":"x\ny"},[[]]])",
           R"([ {"_placeholder" : true, "num":0} , "\ud83d\ude00\ud800" ])",
           R"({"":{},"a long key of letters":"a value that is longer than a word or two"})"},
          [](const std::string& input, Mutator&) {
            const Exactly text(input);
            const bool isValid = isValidJson(text.text(), 100);
            const auto value = text.text().substr(skipJsonSpace(text.text(), 0));
            const std::string again = rewritten(value, 0);
            return !isValid || (isValidJson(again, 100) && rewritten(again, 0) == again);
          });
}

TEST_CASE("Damaged texts become well-formed once and for all", "[mutation]") {
  survive(
      {"gr\xC3\xBC\xC3\x9F", "\xF0\x9F\xA6\x8A fox \xE2\x82\xAC", "plain ascii, more than eight",
       "\xEF\xBB\xBF"
       "mark"},
      [](const std::string& input, Mutator&) {
        const Exactly text(input);
        std::string once;
        std::string twice;
        appendWellFormedUtf8(text.text(), once);
        appendWellFormedUtf8(once, twice);
        const auto kind = classifyUtf8(text.text());
        if (twice != once || (kind != TextKind::kInvalid) != (once == input)) return false;
        std::string latin1;
        std::u16string utf16;
        appendUtf16(once, utf16);
        if (kind == TextKind::kAscii || kind == TextKind::kLatin1) {
          appendLatin1(text.text(), latin1);
          return latin1.size() == utf16.size();
        }
        return utf16.size() <= once.size();
      });
}

TEST_CASE("Damaged targets, forms and base64 decode within bounds", "[mutation]") {
  survive({"/engine.io/?EIO=4&transport=polling&sid=abcdefghij0123456789&t=x#f",
           "d=4%3A%5C%5Cn%22hi%22&x=1", "a=%C3%BC&b=+&c&=d&a=2", "AQIDBA==", "-_-_", "=a"},
          [](const std::string& input, Mutator&) {
            const Exactly text(input);
            // A byte that is not UTF-8 becomes U+FFFD, which has three.
            const auto mostBytes = 3 * input.size();
            const auto [path, query] = splitTarget(text.text());
            if (!text.contains(path) || !text.contains(query)) return false;
            const QueryString pairs(query);
            for (const auto* name : {"EIO", "transport", "sid", "a", "d", ""}) {
              const auto value = pairs.get(name);
              if (value.has_value() != pairs.has(name)) return false;
              if (value && value->size() > mostBytes) return false;
            }
            const auto payload = decodeJsonpBody(text.text());
            if (payload && payload->size() > mostBytes) return false;
            encodeJsonpScript(text.text(), "4x");
            const auto bytes = decodeBase64(text.text());
            std::string again;
            appendBase64(asBytes(bytes), again);
            return bytes.size() <= input.size() && decodeBase64(again) == bytes;
          });
}

TEST_CASE("Damaged offers of compression are refused or agreed on in full", "[mutation]") {
  DeflateOptions options;
  options.serverMaxWindowBits =
      GENERATE(WindowBitsOption{}, WindowBitsOption{WindowBitsOption::Kind::kFixed, 10});
  survive({"permessage-deflate; client_max_window_bits", "permessage-deflate",
           "permessage-deflate; server_no_context_takeover; server_max_window_bits=10, x-other",
           "permessage-deflate; client_max_window_bits=\"12\"; client_no_context_takeover"},
          [&](const std::string& input, Mutator&) {
            const Exactly header(input);
            const auto agreed = negotiateDeflate(header.text(), options);
            if (agreed.outcome != DeflateNegotiation::Outcome::kAccepted)
              return agreed.answer.empty();
            const auto isSize = [](std::uint8_t bits) { return bits >= 8 && bits <= 15; };
            return isSize(agreed.parameters.serverWindowBits) &&
                   isSize(agreed.parameters.clientWindowBits) &&
                   agreed.answer.starts_with("permessage-deflate");
          });
}

TEST_CASE("Damaged compressed messages inflate to their limit at most", "[mutation]") {
  constexpr std::size_t kLimit = 10'000;
  std::vector<std::string> seeds;
  for (const auto& message : {std::string("4hello"), std::string(50'000, 'z'), std::string(),
                              std::string("[\"e\",{\"a\":1,\"b\":[1,2,3]}]")}) {
    MessageDeflater deflater(15, {});
    const std::array<Bytes, 1> parts{asBytes(message)};
    deflater.deflate(parts, seeds.emplace_back());
  }
  MessageInflater inflater(15);
  survive(seeds, [&](const std::string& input, Mutator&) {
    const Exactly payload(input);
    std::vector<std::uint8_t> message;
    const auto result = inflater.inflate(asBytes(payload.text()), kLimit, message);
    if (result == MessageInflater::Result::kDone) return message.size() <= kLimit;
    inflater.reset();
    return true;
  });
}
