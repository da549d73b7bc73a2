// Keeps a file of the addon in memory, where the linker has no option for that. Node unloads an
// addon with its last worker; live I/O threads would then run unmapped code.
#include <dlfcn.h>

namespace {

[[gnu::constructor]] void keepLoaded() {
  Dl_info facts{};
  if (::dladdr(reinterpret_cast<const void*>(&keepLoaded), &facts) == 0) return;
  ::dlopen(facts.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

}  // namespace
