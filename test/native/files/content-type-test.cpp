// Content types by names of files.
#include "files/content-type.hpp"

#include <catch2/catch.hpp>

using namespace beastio::files;

TEST_CASE("A file's name tells its type", "[files]") {
  CHECK(contentTypeOf("index.html") == "text/html; charset=utf-8");
  CHECK(contentTypeOf("a/b.min.JS") == "text/javascript; charset=utf-8");
  CHECK(contentTypeOf("a.js.map") == "application/json; charset=utf-8");
  CHECK(contentTypeOf("x.wasm") == "application/wasm");
  CHECK(contentTypeOf("x.woff2") == "font/woff2");
  CHECK(contentTypeOf("x.unknown") == "application/octet-stream");
  CHECK(contentTypeOf("README") == "application/octet-stream");
  CHECK(contentTypeOf("html") == "application/octet-stream");
  CHECK(contentTypeOf("a.") == "application/octet-stream");
  CHECK(contentTypeOf("") == "application/octet-stream");
}

TEST_CASE("Texts are compressed, and pictures are not", "[files]") {
  CHECK(isCompressible("text/css; charset=utf-8"));
  CHECK(isCompressible("application/json; charset=utf-8"));
  CHECK(isCompressible("image/svg+xml"));
  CHECK_FALSE(isCompressible("image/png"));
  CHECK_FALSE(isCompressible("application/gzip"));
  CHECK_FALSE(isCompressible("application/octet-stream"));
}
