#include "tls-questions.hpp"

#include <optional>
#include <string>
#include <vector>

#include "beastio/tls.hpp"
#include "values.hpp"
#include "wire/layout.hpp"

namespace beastio::addon {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text.append(text.empty() ? "" : ":").append(name);
  return text;
}

}  // namespace

Napi::Value askTls(const Napi::CallbackInfo& info, const ShowTls& show) {
  const Napi::Env env = info.Env();
  const auto question = static_cast<TlsQuestion>(info[2].As<Napi::Number>().Int32Value());
  // What JavaScript gives is read before, and what it gets is made after the I/O thread's turn.
  const std::size_t number = info[3].IsNumber() ? toUnsigned(info[3]) : 0;
  const auto label = info[4].IsString() ? info[4].As<Napi::String>().Utf8Value() : std::string();
  const auto context = info[5].IsTypedArray() ? std::optional(toBytes(info[5])) : std::nullopt;
  std::optional<std::string> bytes;
  bool isDone = false;
  const bool isThere = show([&](TlsSession& tls) {
    switch (question) {
      case TlsQuestion::kSession:
        bytes = tls.session();
        break;
      case TlsQuestion::kFinished:
        bytes = tls.finished(false);
        break;
      case TlsQuestion::kPeerFinished:
        bytes = tls.finished(true);
        break;
      case TlsQuestion::kSignatures:
        bytes = joined(tls.sharedSignatures());
        break;
      case TlsQuestion::kKeyingMaterial:
        bytes = tls.exportKeyingMaterial(number, label, context);
        break;
      case TlsQuestion::kMaxRecordBytes:
        isDone = tls.setMaxRecordBytes(number);
        break;
    }
  });
  if (!isThere) return env.Undefined();
  if (question == TlsQuestion::kMaxRecordBytes) return Napi::Boolean::New(env, isDone);
  if (question == TlsQuestion::kSignatures) return Napi::String::New(env, *bytes);
  if (!bytes || bytes->empty()) return env.Undefined();
  return Napi::Buffer<char>::Copy(env, bytes->data(), bytes->size());
}

}  // namespace beastio::addon
