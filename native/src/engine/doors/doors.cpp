#include "engine/doors/doors.hpp"

namespace beastio::engine {

Doors::Doors(const Context& context)
    : admission(context.environment, context.host, context.sessions, context.handler,
                context.visitors, SidSource(context.thread, context.threads)),
      streams(context.thread, context.environment, context.handler, context.port),
      polling(context.environment, context.sessions, admission),
      connections(context.environment, context.sessions, admission, streams, context.handler,
                  context.port),
      attached(context.environment, context.handler, admission, polling, connections, streams),
      ownPort(
          context.thread, context.environment, context.sessions, context.handler, context.port,
          {admission, polling, connections},
          Departures(context.thread, context.threads, streams, context.port, context.handOver)) {}

Doors::~Doors() = default;

}  // namespace beastio::engine
