// Questions of JavaScript to the TLS session of a connection that was left to it.
// Runs on: the JS thread, which waits for the I/O thread's answer; that never waits for JavaScript.
#pragma once

#include <napi.h>

#include <functional>

namespace beastio {
class TlsSession;
}

namespace beastio::addon {

/// Shows the TLS session to the function; returns false if the connection is gone.
using ShowTls = std::function<bool(const std::function<void(TlsSession&)>& look)>;

/// askTls(thread, stream, question, …): the question is one of TlsQuestion. Returns undefined if
/// the connection is gone. The answer of kSession, kFinished and kPeerFinished: a Buffer or
/// undefined. That of kSignatures: names, joined by colons. That of kKeyingMaterial with length,
/// label, context or undefined: a Buffer or undefined. That of kMaxRecordBytes with bytes: whether
/// they can be.
Napi::Value askTls(const Napi::CallbackInfo& info, const ShowTls& show);

}  // namespace beastio::addon
