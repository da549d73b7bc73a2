// `addon.Engine`, as the module exports it. Runs on: the JS thread.
#pragma once

#include <napi.h>

namespace beastio::addon {

/// The constructor: see engine-object.hpp.
Napi::Function engineClass(Napi::Env env);

}  // namespace beastio::addon
