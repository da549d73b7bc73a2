// The table of workloads.
#include "workloads/workload.hpp"

#include <string>

#include "error.hpp"
#include "workloads/broadcast.hpp"
#include "workloads/connect.hpp"
#include "workloads/echo.hpp"
#include "workloads/heartbeats.hpp"
#include "workloads/idle.hpp"
#include "workloads/rate.hpp"
#include "workloads/reconnect.hpp"
#include "workloads/rooms.hpp"
#include "workloads/visit.hpp"

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
    {"echo", make<Echo>},           {"ack", make<Echo>},
    {"rate", make<Rate>},           {"ack-rate", make<Rate>},
    {"rooms", make<Rooms>},         {"broadcast", make<Broadcast>},
    {"connect", make<Connect>},     {"idle", make<Idle>},
    {"chat", make<Rooms>},          {"visit", make<Visit>},
    {"reconnect", make<Reconnect>}, {"heartbeats", make<Heartbeats>},
};

}  // namespace

void Workload::onAttachment(std::size_t client, std::string_view bytes, Clock::time_point) {
  throw LoadError("client " + std::to_string(client) + " got an attachment of " +
                  std::to_string(bytes.size()) + " bytes where none was due");
}

std::unique_ptr<Workload> makeWorkload(const Settings& settings, Outlet& outlet, Tally& tally) {
  for (const Row& row : kWorkloads) {
    if (row.name == settings.workload) return row.make(settings, outlet, tally);
  }
  throw LoadError("unknown workload '" + settings.workload + "'");
}

}  // namespace load
