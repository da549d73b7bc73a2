// Two words that the JS thread and the I/O threads both see: TURN of wire.json. By them an I/O
// thread finds that the JS thread has been busy since its last flush, and asks for another one.
// Runs on: any thread.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>

#include "layout.hpp"

namespace beastio::addon {

class TurnWords {
 public:
  /// Keeps the array, whose memory the words are. Lifetime: I/O threads end before this.
  explicit TurnWords(const Napi::Int32Array& array)
      : array_(Napi::Persistent(array)), words_(array_.Value().Data()) {}

  static Napi::Int32Array make(Napi::Env env) { return Napi::Int32Array::New(env, kCount); }

  /// The number of the last flush in the turn of the JS thread that goes on; 0: none does.
  std::int32_t open() const { return __atomic_load_n(words_ + kTurnOpen, __ATOMIC_ACQUIRE); }
  /// That flush is old: the JS thread flushes with its next packet.
  void setDue() { __atomic_store_n(words_ + kTurnDue, 1, __ATOMIC_RELEASE); }

 private:
  static constexpr std::size_t kCount = 2;

  Napi::Reference<Napi::Int32Array> array_;
  std::int32_t* words_;
};

}  // namespace beastio::addon
