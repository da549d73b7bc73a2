#include "engine/doors/shared/port.hpp"

#include "beastio/host/handler.hpp"

namespace beastio::engine {

void Port::leave(EngineHandler& handler) {
  if (connections_.fetch_sub(1) == 1 && closed_) handler.onPortIdle();
}

}  // namespace beastio::engine
