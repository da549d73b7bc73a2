// JavaScript values ⇄ the engine's. Types are checked by lib/engine; here they are only read.
// Runs on: the JS thread.
#pragma once

#include <napi.h>

#include <string>

namespace beastio {
struct AttachedRequest;
struct EngineOptions;
struct ListenOptions;
}  // namespace beastio

namespace beastio::addon {

struct Extra;

EngineOptions toOptions(const Napi::Object& value);
ListenOptions toListenOptions(const Napi::Object& value);
AttachedRequest toRequest(const Napi::Object& value);
unsigned toUnsigned(const Napi::Value& value);
/// Copies a Buffer; empty for undefined.
std::string toBytes(const Napi::Value& value);
Napi::Value toValue(Napi::Env env, const Extra& extra);

}  // namespace beastio::addon
