// Engine.IO v3. Payloads, packets and errors are those of the parser within engine.io 6.6.11.
#include "protocol/engineio/engineio-v3.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace beastio::protocol;
using namespace std::string_literals;

using Form = v3::PayloadReader::Form;
using Log = std::vector<std::string>;

namespace {

std::string entry(const PacketView& packet) {
  return (packet.binary ? "binary "s : ""s) + typeCharacter(packet.type) + std::string(packet.data);
}

/// Everything a reader says of `body`, up to its end or its error.
Log read(std::string_view body, Form form = Form::kText) {
  // A buffer of exactly its size, so that a sanitizer sees any step beyond it.
  const std::vector<char> copy(body.begin(), body.end());
  v3::PayloadReader reader({copy.data(), copy.size()}, form);
  Log log;
  PacketView packet;
  auto result = v3::PayloadReader::Result::kEnd;
  while ((result = reader.next(packet)) == v3::PayloadReader::Result::kPacket) {
    log.push_back(entry(packet));
  }
  if (result == v3::PayloadReader::Result::kError) log.push_back("error");
  CHECK(reader.next(packet) == v3::PayloadReader::Result::kEnd);
  return log;
}

Log readBinary(std::string_view body) { return read(body, Form::kBinary); }

std::string parsed(std::string_view text) {
  std::string decoded;
  const auto packet = v3::parseTextPacket(text, decoded);
  return packet ? entry(*packet) : "error";
}

constexpr PacketView message(std::string_view text) {
  return {.type = PacketType::kMessage, .data = text};
}
constexpr PacketView binary(std::string_view bytes) {
  return {.type = PacketType::kMessage, .binary = true, .data = bytes};
}

const std::string kEuro = "\xE2\x82\xAC";
const std::string kGrin = "\xF0\x9F\x98\x80";  // two UTF-16 units

}  // namespace

TEST_CASE("v3::parseTextPacket reads texts and base64", "[engineio-v3]") {
  CHECK(parsed("4hello") == "4hello");
  CHECK(parsed("2probe") == "2probe");
  CHECK(parsed("6") == "6");
  CHECK(parsed("b4aGk=") == "binary 4hi");
  CHECK(parsed("b4") == "binary 4");
  CHECK(parsed("b2aGk") == "binary 2hi");
  for (const char* error : {"", "7", "x", " 4", ":"}) CHECK(parsed(error) == "error");
  for (const char* ignored : {"b", "b7aGk=", "bx", "baGk="}) CHECK(parsed(ignored) == "6");
}

TEST_CASE("v3::parseBinaryPacket reads the type byte", "[engineio-v3]") {
  CHECK(entry(v3::parseBinaryPacket("\x04hi")) == "binary 4hi");
  CHECK(entry(v3::parseBinaryPacket("\x04")) == "binary 4");
  CHECK(entry(v3::parseBinaryPacket("\x02x")) == "binary 2x");
  CHECK(entry(v3::parseBinaryPacket("\0{}"s)) == "binary 0{}");
  for (const std::string& ignored : {""s, "\x07x"s, "4hi"s, "\xFFx"s}) {
    CHECK(entry(v3::parseBinaryPacket(ignored)) == "6");
  }
  CHECK(v3::typeByte(PacketType::kMessage) == '\x04');
}

TEST_CASE("v3::appendBase64Packet writes the type before the data", "[engineio-v3]") {
  std::string out = "x";
  v3::appendBase64Packet(binary("\x01\x02\x03"), out);
  CHECK(out == "xb4AQID");
}

TEST_CASE("v3::encodePayload counts texts in UTF-16 units", "[engineio-v3]") {
  const auto encode = [](const std::vector<PacketView>& packets, bool supportsBinary) {
    const auto payload = v3::encodePayload(packets, supportsBinary);
    CHECK_FALSE(payload.binary);
    return payload.body;
  };
  const std::string wide = kEuro + kGrin;
  CHECK(encode({}, true) == "0:");
  CHECK(encode({}, false) == "0:");
  CHECK(encode({message("hello"), {.type = PacketType::kPing}, message(wide)}, true) ==
        "6:4hello1:24:4" + wide);
  CHECK(encode({message(kEuro), binary("\x01\x02\x03"), binary("")}, false) ==
        "2:4" + kEuro + "6:b4AQID2:b4");
}

TEST_CASE("v3::encodePayload counts in bytes once a packet is binary", "[engineio-v3]") {
  const auto encode = [](const std::vector<PacketView>& packets) {
    const auto payload = v3::encodePayload(packets, true);
    CHECK(payload.binary);
    return payload.body;
  };
  CHECK(encode({message(kEuro + kGrin),
                binary("\x01\x02\x03"),
                binary(""),
                {.type = PacketType::kPong, .data = "probe"}}) ==
        "\x00\x08\xFF"s + "4" + kEuro + kGrin + "\x01\x04\xFF\x04\x01\x02\x03" +
            "\x01\x01\xFF\x04" + "\x00\x06\xFF"s + "3probe");
  CHECK(encode({message(std::string(120, 'x')), binary("\xFF")}) ==
        "\x00\x01\x02\x01\xFF"s + "4" + std::string(120, 'x') + "\x01\x02\xFF\x04\xFF");
}

TEST_CASE("v3::PayloadReader reads texts", "[engineio-v3]") {
  CHECK(read("6:4hello1:24:4" + kEuro + kGrin) == Log{"4hello", "2", "4" + kEuro + kGrin});
  CHECK(read("2:4" + kEuro + "6:b4AQID2:b4") ==
        Log{"4" + kEuro, "binary 4\x01\x02\x03", "binary 4"});
  CHECK(read("0:") == Log{});
  CHECK(read("0:2:4a0:00:") == Log{"4a"});
  CHECK(read("002:4a") == Log{"4a"});
  CHECK(read("4:4:1:2:b4") == Log{"4:1:", "binary 4"});
  CHECK(read("3:b7x1:5") == Log{"6", "5"});
}

TEST_CASE("v3::PayloadReader stops at the first error of a text", "[engineio-v3]") {
  CHECK(read("") == Log{"error"});
  CHECK(read(":") == Log{"error"});
  CHECK(read("4hello") == Log{"error"});
  CHECK(read("6:4hell") == Log{"error"});
  CHECK(read("2:4a3") == Log{"4a", "error"});
  CHECK(read("2:4a:4b") == Log{"4a", "error"});
  CHECK(read("2:4a2:x1:2") == Log{"4a", "error"});
  CHECK(read("1:7") == Log{"error"});
  CHECK(read("a:4a") == Log{"error"});
  CHECK(read("-1:4a") == Log{"error"});
  CHECK(read("99999999999999999999:4a") == Log{"error"});
  CHECK(read(std::string(400, '9') + ":4a") == Log{"error"});
  // engine.io delivers half of a surrogate pair here before it fails; there is no half in UTF-8.
  CHECK(read("2:4" + kGrin) == Log{"error"});
  CHECK(read("2:4" + kEuro + kEuro) == Log{"4" + kEuro, "error"});
}

TEST_CASE("v3::PayloadReader reads binary bodies", "[engineio-v3]") {
  CHECK(readBinary("\x00\x08\xFF"s + "4" + kEuro + kGrin + "\x01\x04\xFF\x04\x01\x02\x03" +
                   "\x01\x01\xFF\x04" + "\x00\x06\xFF"s + "3probe") ==
        Log{"4" + kEuro + kGrin, "binary 4\x01\x02\x03", "binary 4", "3probe"});
  CHECK(readBinary("\x00\x01\x02\x01\xFF"s + "4" + std::string(120, 'x')) ==
        Log{"4" + std::string(120, 'x')});
  CHECK(readBinary("") == Log{});
  CHECK(readBinary("\x00\x05\xFF"s + "b4aGk") == Log{"binary 4hi"});
  // Any mark but 0 says binary; an empty or unknown binary packet is ignored.
  CHECK(readBinary("\x07\x02\xFF\x04x") == Log{"binary 4x"});
  CHECK(readBinary("\x01\x00\xFF\x01\x02\xFF\x34x"s) == Log{"6", "6"});
  // A length beyond the end means all there is.
  CHECK(readBinary("\x00\x09\x09\xFF"s + "4abc") == Log{"4abc"});
  CHECK(readBinary("\x01"s + std::string(300, '\x09') + "\xFF\x04z") == Log{"binary 4z"});
}

TEST_CASE("v3::PayloadReader reads the texts of binary bodies as utf8.js does", "[engineio-v3]") {
  const auto text = [](const std::string& packet) {
    return "\x00"s + static_cast<char>(packet.size()) + "\xFF" + packet;
  };
  const std::string replacement = "\xEF\xBF\xBD";
  CHECK(readBinary(text("4\xED\x9F\xBF")) == Log{"4\xED\x9F\xBF"});
  CHECK(readBinary(text("4\xED\xA0\x80z")) == Log{"4" + replacement + "z"});
  CHECK(readBinary(text("4\xED\xA0\xBD\xED\xB8\x80")) == Log{"4" + replacement + replacement});
  for (const char* bad : {"4\xC3", "4\x80", "4\xC0\x80", "4\xE0\x80\x80", "4\xF4\x90\x80\x80",
                          "4\xED\xA0", "4\xE2\xED\xA0\x80", "4\xFF"}) {
    CHECK(readBinary(text(bad)) == Log{"error"});
  }
}

TEST_CASE("v3::PayloadReader reports nothing of a binary body whose frames are broken",
          "[engineio-v3]") {
  const std::string good = "\x00\x02\xFF"s + "4a";
  CHECK(readBinary(good + "\x00"s) == Log{"error"});
  CHECK(readBinary(good + "\x00\x02"s) == Log{"error"});
  CHECK(readBinary(good + "\x00\xFF"s + "4") == Log{"error"});
  CHECK(readBinary(good + "\x00\xFF"s) == Log{"error"});
  CHECK(readBinary(good + "\x00\x0A\xFF"s + "4") == Log{"error"});
  CHECK(readBinary(good + "\x01"s + std::string(400, '\x01') + "\xFF\x04") == Log{"error"});
  // A packet that is broken within its frame is an error in its place.
  CHECK(readBinary(good + "\x00\x01\xFF"s + "x" + good) == Log{"4a", "error"});
  CHECK(readBinary(good + "\x00\x00\xFF"s + good) == Log{"4a", "error"});
}

TEST_CASE("v3::PayloadReader ends with what it is given, however it is cut", "[engineio-v3]") {
  const std::string texts = "6:4hello3:4" + kGrin + "6:b4AQID1:2";
  for (std::size_t size = 1; size < texts.size(); ++size) read(texts.substr(0, size));
  const std::string frames =
      "\x00\x05\xFF"s + "4" + kGrin + "\x01\x04\xFF\x04\x01\x02\x03" + "\x00\x05\xFF"s + "b4aGk";
  for (std::size_t size = 1; size < frames.size(); ++size) readBinary(frames.substr(0, size));
  CHECK(read(texts) == Log{"4hello", "4" + kGrin, "binary 4\x01\x02\x03", "2"});
  CHECK(readBinary(frames) == Log{"4" + kGrin, "binary 4\x01\x02\x03", "binary 4hi"});
}
