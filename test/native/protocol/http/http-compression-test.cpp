// Which coding an answer gets, as the package `accepts` decides, and that zlib reads it back.
#include "protocol/http/http-compression.hpp"

#include <zlib.h>

#include <catch2/catch.hpp>
#include <string>

using namespace beastio::protocol;

TEST_CASE("The coding that the client likes best is chosen", "[http-compression]") {
  const auto chosen = [](std::string_view header) { return toString(chooseCoding(header)); };
  CHECK(chosen("") == "");
  CHECK(chosen("br") == "");
  CHECK(chosen("gzip, deflate, br") == "gzip");
  CHECK(chosen("deflate, gzip") == "deflate");
  CHECK(chosen("deflate;q=0.5, gzip;q=1.0") == "gzip");
  CHECK(chosen("gzip;q=0.2,deflate;q=0.3") == "deflate");
  CHECK(chosen("gzip;q=0, *") == "deflate");
  CHECK(chosen("*") == "gzip");
  CHECK(chosen("*;q=0") == "");
  CHECK(chosen("*, deflate") == "deflate");
  CHECK(chosen("GZIP") == "gzip");
  CHECK(chosen(" , gzip ; a=b; q=0.1") == "gzip");
  CHECK(chosen("gzip;q=nonsense") == "");
  CHECK(chosen("identity") == "");
}

TEST_CASE("A compressed answer is what zlib reads", "[http-compression]") {
  const std::string body(100'000, 'x');
  const auto coding = GENERATE(ContentCoding::kGzip, ContentCoding::kDeflate);
  auto compressed = compress(body, coding);
  CHECK(compressed.size() < 1000);
  std::string out(body.size() + 1, '\0');
  z_stream stream{};
  constexpr int kDetectFormat = 32;
  REQUIRE(inflateInit2(&stream, MAX_WBITS + kDetectFormat) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_in = static_cast<uInt>(compressed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  CHECK(stream.total_out == body.size());
  CHECK(out.starts_with(body));
  inflateEnd(&stream);
}
