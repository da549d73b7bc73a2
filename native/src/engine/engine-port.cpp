// The part of Engine that concerns its own port.
#include <mutex>
#include <system_error>
#include <utility>

#include "beastio/web.hpp"
#include "engine/doors/doors.hpp"
#include "engine/engine-impl.hpp"
#include "transport/loop/descriptor.hpp"
#include "transport/loop/listener.hpp"

namespace beastio {

void Engine::setTls(const std::shared_ptr<const TlsContext>& context) {
  for (const auto& thread : impl_->threads) {
    thread->post([&thread = *thread, context] { thread.environment().tlsContext = context; });
  }
}

void Engine::setWebHandlers(std::vector<std::shared_ptr<WebHandler>> handlers) {
  const auto shared = std::make_shared<const engine::WebHandlers>(std::move(handlers));
  for (const auto& thread : impl_->threads) {
    thread->post([&thread = *thread, shared] { thread.doors().ownPort.web().setHandlers(shared); });
  }
}

void Engine::respond(const WebRequestId& request, WebAnswer answer) {
  if (request.thread >= impl_->count()) return;
  auto& owner = *impl_->threads[request.thread];
  owner.post([&owner, request, answer = std::move(answer)]() mutable {
    owner.doors().ownPort.web().respond(request, std::move(answer));
  });
}

bool Engine::askTls(unsigned thread, RequestId stream,
                    const std::function<void(TlsSession&)>& look) {
  auto& owner = *impl_->threads.at(thread);
  return impl_
      ->ask(owner, [&owner, stream, &look] { return owner.doors().streams.askTls(stream, look); })
      .value_or(false);
}

void Engine::resume(unsigned thread) {
  auto& owner = *impl_->threads.at(thread);
  owner.post([&owner] { owner.resumeReading(); });
}

std::optional<Endpoint> Engine::listen(const ListenOptions& options, std::error_code& error) {
  auto& first = *impl_->threads.front();
  error = std::make_error_code(impl_->here() != nullptr ? std::errc::resource_deadlock_would_occur
                                                        : std::errc::operation_canceled);
  const auto answer =
      impl_->ask(first, [this, &first, &options, &error]() -> std::optional<Endpoint> {
        error.clear();
        if (impl_->listener) {
          error = std::make_error_code(std::errc::already_connected);
          return std::nullopt;
        }
        const auto listener = std::make_shared<transport::Listener>(
            first.environment(),
            [impl = impl_.get()](int descriptor, const transport::PeerName& peer) {
              impl->accept(descriptor, peer);
            });
        auto bound = listener->bind(options, error);
        if (bound) error = listener->start();
        if (error) return std::nullopt;
        impl_->listener = listener;
        impl_->port.open();
        return bound;
      });
  return answer.value_or(std::nullopt);
}

void Engine::openPort() { impl_->port.open(); }

void Engine::adopt(int descriptor) {
  impl_->welcome(transport::Descriptor(descriptor), std::nullopt);
}

void Engine::closePort() {
  impl_->port.close();
  auto& first = *impl_->threads.front();
  if (impl_->here() != nullptr) return first.post([impl = impl_.get()] { impl->closeListener(); });
  impl_->ask(first, [impl = impl_.get()] {
    impl->closeListener();
    return true;
  });
}

void Engine::closeConnections(bool idleOnly) {
  for (const auto& thread : impl_->threads) {
    thread->post(
        [&thread = *thread, idleOnly] { thread.doors().ownPort.connections().close(idleOnly); });
  }
}

std::int64_t Engine::connections() const { return impl_->port.connections(); }

void Engine::addConnections(std::int64_t count) { impl_->port.add(count); }

void Engine::closeAll() {
  impl_->port.close();
  // What the first thread has accepted may still be on its way to another one.
  impl_->threads.front()->post([this] {
    impl_->closeListener();
    closeConnections(false);
  });
  for (const auto& thread : impl_->threads) {
    thread->post([&thread = *thread] { thread.closeAll(); });
  }
}

}  // namespace beastio
