// JavaScript values ⇄ the engine's. Types are checked by lib/engine; here they are only read.
// Runs on: the JS thread.
#pragma once

#include <napi.h>

#include <array>
#include <string>

namespace beastio {
struct AttachedRequest;
struct EngineOptions;
struct ListenOptions;
}  // namespace beastio

namespace beastio::addon {

struct Content;
struct Extra;

EngineOptions toOptions(const Napi::Object& value);
ListenOptions toListenOptions(const Napi::Object& value);
AttachedRequest toRequest(const Napi::Object& value);
unsigned toUnsigned(const Napi::Value& value);
/// Copies a Buffer; empty for undefined.
std::string toBytes(const Napi::Value& value);
Napi::Value toValue(Napi::Env env, const Extra& extra);

/// What JavaScript's functions for a batch take, see `Receive` in native.d.ts.
using BatchArguments = std::array<napi_value, 5>;
/// Copies the batch's numbers into `records`.
BatchArguments toArguments(Napi::Env env, Napi::Int32Array records, const Content& content);

}  // namespace beastio::addon
