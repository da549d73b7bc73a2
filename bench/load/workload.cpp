// The table of workloads.
#include "workload.hpp"

#include <string>

#include "broadcast.hpp"
#include "echo.hpp"
#include "error.hpp"

namespace load {
namespace {

template <typename Kind>
std::unique_ptr<Workload> make(const Settings& settings, Outlet& outlet, Tally& tally) {
  return std::make_unique<Kind>(settings, outlet, tally);
}

struct Row {
  std::string_view name;
  std::unique_ptr<Workload> (*make)(const Settings&, Outlet&, Tally&);
};

constexpr Row kWorkloads[] = {
    {"echo", make<Echo>},
    {"broadcast", make<Broadcast>},
};

}  // namespace

std::unique_ptr<Workload> makeWorkload(const Settings& settings, Outlet& outlet, Tally& tally) {
  for (const Row& row : kWorkloads) {
    if (row.name == settings.workload) return row.make(settings, outlet, tally);
  }
  throw LoadError("unknown workload '" + settings.workload + "'");
}

}  // namespace load
