// Questions of JavaScript to the TLS session of a connection that was left to it.
// Runs on: the JS thread, which waits for the I/O thread's answer; that never waits for JavaScript.
#pragma once

#include <napi.h>

#include <cstdint>

#include "beastio/engine.hpp"

namespace beastio::addon {

/// What is asked for; lib/engine/records.js has the same list.
enum class TlsQuestion : std::int32_t {
  kSession = 1,         // → Buffer or undefined, as the next two
  kFinished = 2,        //
  kPeerFinished = 3,    //
  kSignatures = 4,      // → names, joined by colons
  kKeyingMaterial = 5,  // length, label, context or undefined → Buffer or undefined
  kMaxRecordBytes = 6,  // bytes → whether they can be
};

/// lookAtTls(thread, stream, question, …) → see there; undefined if the connection is gone.
Napi::Value lookAtTls(const Napi::CallbackInfo& info, Engine& engine);

}  // namespace beastio::addon
