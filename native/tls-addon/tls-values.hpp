// JavaScript's `tls` options → the engine's. Types are checked by lib/engine; here they are only
// read. Runs on: the JS thread.
#pragma once

#include <napi.h>

#include "beastio/tls-options.hpp"

namespace beastio::addon {

TlsOptions toTlsOptions(const Napi::Object& value);

}  // namespace beastio::addon
