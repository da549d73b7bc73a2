#include "values.hpp"

#include "beastio/address.hpp"
#include "beastio/host/attached.hpp"
#include "object-fields.hpp"
#include "option-fields.hpp"
#include "wire/record-fields.hpp"

namespace beastio::addon {
namespace {

PerMessageDeflateOptions toDeflateOptions(const Napi::Object& value) {
  PerMessageDeflateOptions options;
  options.threshold = size(value, "threshold");
  if (value.Get("serverNoContextTakeover").IsBoolean()) {
    options.serverNoContextTakeover = flag(value, "serverNoContextTakeover");
  }
  options.clientNoContextTakeover = flag(value, "clientNoContextTakeover");
  options.serverMaxWindowBits = integer(value, "serverMaxWindowBits");
  options.clientMaxWindowBits = integer(value, "clientMaxWindowBits");
  options.level = integer(value, "level");
  options.memLevel = integer(value, "memLevel");
  options.strategy = integer(value, "strategy");
  return options;
}

void readPortOptions(const Napi::Object& value, PortOptions& options) {
  options.leftToHost = static_cast<LeftToHost>(number(value, "leftToHost"));
  options.headersTimeout = milliseconds(value, "headersTimeout");
  options.requestTimeout = milliseconds(value, "requestTimeout");
  options.keepAliveTimeout = milliseconds(value, "keepAliveTimeout");
  options.maxHeaderBytes = size(value, "maxHeaderBytes");
  options.maxHeadersCount = size(value, "maxHeadersCount");
  options.maxConnections = size(value, "maxConnections");
  if (value.Get("compressionThreshold").IsNumber()) {
    options.compressionThreshold = size(value, "compressionThreshold");
  }
  options.reportRefusals = flag(value, "reportRefusals");
  options.reportHandshakes = flag(value, "reportHandshakes");
  options.cookieStart = text(value, "cookieStart");
  options.cookieEnd = text(value, "cookieEnd");
}

}  // namespace

std::vector<std::string> toTexts(const Napi::Value& value) {
  std::vector<std::string> texts;
  if (!value.IsArray()) return texts;
  const auto array = value.As<Napi::Array>();
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Value each = array.Get(i);
    if (each.IsString()) texts.push_back(each.As<Napi::String>().Utf8Value());
  }
  return texts;
}

EngineOptions toOptions(const Napi::Object& value) {
  EngineOptions options;
  options.ioThreads = static_cast<unsigned>(number(value, "ioThreads"));
  readOptionFields(value, options);
  options.initialPacketIsBinary = value.Get("initialPacket").IsTypedArray();
  options.initialPacket = options.initialPacketIsBinary ? toBytes(value.Get("initialPacket"))
                                                        : text(value, "initialPacket");
  if (const Napi::Value deflate = value.Get("perMessageDeflate"); deflate.IsObject()) {
    options.perMessageDeflate = toDeflateOptions(deflate.As<Napi::Object>());
  }
  options.polling = flag(value, "polling");
  options.websocket = flag(value, "websocket");
  options.webtransport = flag(value, "webtransport");
  options.parseSocketioHeader = true;
  options.path = text(value, "path");
  readPortOptions(value, options.port);
  options.admission.isDraining = flag(value, "isDraining");
  options.admission.trustedProxies = toTexts(value.Get("trustedProxies"));
  return options;
}

ListenOptions toListenOptions(const Napi::Object& value) {
  ListenOptions options;
  options.host = text(value, "host");
  options.port = static_cast<std::uint16_t>(number(value, "port"));
  options.backlog = integer(value, "backlog");
  options.ipv6Only = flag(value, "ipv6Only");
  options.reusePort = flag(value, "reusePort");
  return options;
}

AttachedRequest toRequest(const Napi::Object& value) {
  AttachedRequest request;
  request.id = static_cast<RequestId>(number(value, "id"));
  request.method = text(value, "method");
  request.target = text(value, "target");
  if (value.Get("origin").IsString()) request.origin = text(value, "origin");
  request.isUpgrade = true;
  request.sid = text(value, "sid");
  request.isVerified = (integer(value, "flags") & kRequestFlagVerified) != 0;
  request.route = text(value, "route");
  return request;
}

unsigned toUnsigned(const Napi::Value& value) { return value.As<Napi::Number>().Uint32Value(); }

std::string toBytes(const Napi::Value& value) {
  if (!value.IsTypedArray()) return {};
  const auto bytes = value.As<Napi::Uint8Array>();
  return {reinterpret_cast<const char*>(bytes.Data()), bytes.ByteLength()};
}

Napi::Value toValue(Napi::Env env, const Extra& extra) {
  switch (extra.kind) {
    case Extra::Kind::kLatin1: {
      napi_value value = nullptr;
      napi_create_string_latin1(env, extra.bytes.data(), extra.bytes.size(), &value);
      return {env, value};
    }
    case Extra::Kind::kUtf16:
      return Napi::String::New(env, extra.utf16);
    case Extra::Kind::kBytes:
      break;
  }
  return Napi::Buffer<char>::Copy(env, extra.bytes.data(), extra.bytes.size());
}

BatchArguments toArguments(Napi::Env env, Napi::Int32Array records, const Content& content) {
  const auto count = content.records.size();
  std::copy(content.records.begin(), content.records.end(), records.Data());
  napi_value latin1 = nullptr;
  napi_create_string_latin1(env, content.latin1.data(), content.latin1.size(), &latin1);
  BatchArguments arguments{records, Napi::Number::New(env, static_cast<double>(count)), latin1,
                           env.Undefined(), env.Undefined()};
  if (!content.utf16.empty()) arguments[3] = Napi::String::New(env, content.utf16);
  if (!content.extras.empty()) {
    auto extras = Napi::Array::New(env, content.extras.size());
    for (std::uint32_t i = 0; i < content.extras.size(); ++i) {
      extras.Set(i, toValue(env, content.extras[i]));
    }
    arguments[4] = extras;
  }
  return arguments;
}

}  // namespace beastio::addon
