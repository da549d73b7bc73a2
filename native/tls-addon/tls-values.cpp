#include "tls-values.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace beastio::addon {
namespace {

std::string text(const Napi::Object& object, const char* name) {
  return object.Get(name).As<Napi::String>().Utf8Value();
}

bool flag(const Napi::Object& object, const char* name) {
  return object.Get(name).As<Napi::Boolean>().Value();
}

std::int64_t number(const Napi::Object& object, const char* name) {
  return object.Get(name).As<Napi::Number>().Int64Value();
}

std::string toBytes(const Napi::Value& value) {
  const auto bytes = value.As<Napi::Uint8Array>();
  return {reinterpret_cast<const char*>(bytes.Data()), bytes.ByteLength()};
}

std::string bytes(const Napi::Object& object, const char* name) {
  return toBytes(object.Get(name));
}

template <class Item, class Convert>
std::vector<Item> list(const Napi::Object& object, const char* name, Convert convert) {
  const auto array = object.Get(name).As<Napi::Array>();
  std::vector<Item> items;
  for (std::uint32_t i = 0; i < array.Length(); ++i) items.push_back(convert(array.Get(i)));
  return items;
}

TlsCredentials toCredentials(const Napi::Object& value) {
  TlsCredentials credentials;
  credentials.keys = list<TlsCredentials::Key>(value, "keys", [](const Napi::Value& item) {
    const auto key = item.As<Napi::Object>();
    return TlsCredentials::Key{bytes(key, "bytes"), text(key, "passphrase")};
  });
  credentials.pfxs = list<TlsCredentials::Pfx>(value, "pfxs", [](const Napi::Value& item) {
    const auto pfx = item.As<Napi::Object>();
    return TlsCredentials::Pfx{bytes(pfx, "bytes"), text(pfx, "passphrase")};
  });
  credentials.certs = list<std::string>(value, "certs", toBytes);
  credentials.cas = list<std::string>(value, "cas", toBytes);
  credentials.crls = list<std::string>(value, "crls", toBytes);
  return credentials;
}

}  // namespace

TlsOptions toTlsOptions(const Napi::Object& value) {
  TlsOptions options;
  options.credentials = toCredentials(value.Get("credentials").As<Napi::Object>());
  options.contexts = list<TlsNamedCredentials>(value, "contexts", [](const Napi::Value& item) {
    const auto named = item.As<Napi::Object>();
    return TlsNamedCredentials{text(named, "name"),
                               toCredentials(named.Get("credentials").As<Napi::Object>())};
  });
  options.roots = list<std::string>(value, "roots", toBytes);
  options.minVersion = static_cast<int>(number(value, "minVersion"));
  options.maxVersion = static_cast<int>(number(value, "maxVersion"));
  options.ciphers = text(value, "ciphers");
  options.cipherSuites = text(value, "cipherSuites");
  options.groups = text(value, "groups");
  options.sigalgs = text(value, "sigalgs");
  options.dhparam = bytes(value, "dhparam");
  options.secureOptions = static_cast<std::uint64_t>(number(value, "secureOptions"));
  options.honorCipherOrder = flag(value, "honorCipherOrder");
  options.alpnProtocols = list<std::string>(value, "alpnProtocols", toBytes);
  options.requestCert = flag(value, "requestCert");
  options.rejectUnauthorized = flag(value, "rejectUnauthorized");
  options.sessionTimeout = std::chrono::seconds(number(value, "sessionTimeout"));
  options.ticketKeys = bytes(value, "ticketKeys");
  options.sessionIdContext = text(value, "sessionIdContext");
  options.handshakeTimeout = std::chrono::milliseconds(number(value, "handshakeTimeout"));
  return options;
}

}  // namespace beastio::addon
