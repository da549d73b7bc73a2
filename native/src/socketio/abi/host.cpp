#include "socketio/abi/host.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

#include "beastio/host/guest.hpp"
#include "socketio/abi/handlers.hpp"
#include "socketio/abi/raw.hpp"
#include "socketio/abi/table.hpp"
#include "socketio/guest/owner-questions.hpp"
#include "socketio/shard/shard.hpp"

namespace beastio::socketio {
namespace {

std::shared_ptr<ServerCore> openCore(const beastio_host* host) {
  auto core = host->core.lock();
  return core && !core->isClosed() ? core : nullptr;
}

/// Finds a namespace by a function of the core's.
template <class Find>
beastio_status findNamespace(beastio_host* host, beastio_bytes name, std::uint32_t* scope,
                             Find find) {
  const auto core = openCore(host);
  if (!core) return BEASTIO_CLOSED;
  if (!core->isOwnThread()) return BEASTIO_WRONG_THREAD;
  const auto given = view(name);
  const auto text = (given.starts_with('/') ? "" : "/") + std::string(given);
  try {
    const NamespaceCore* const nsp = find(*core, text);
    if (nsp == nullptr) return BEASTIO_TAKEN;
    *scope = nsp->scope();
    return BEASTIO_OK;
  } catch (const std::length_error&) {
    return BEASTIO_UNKNOWN_NAMESPACE;  // there are too many
  }
}

beastio_status namespaceOf(beastio_host* host, beastio_bytes name, std::uint32_t* scope) {
  return findNamespace(host, name, scope, [](ServerCore& core, const std::string& text) {
    return &core.namespaceForAddon(text);
  });
}

beastio_status serveNamespace(beastio_host* host, beastio_bytes name, std::uint32_t* scope) {
  return findNamespace(host, name, scope, [](ServerCore& core, const std::string& text) {
    return core.serveForAddon(text);
  });
}

beastio_status namespaceName(std::uint32_t scope, beastio_sink sink, void* user) {
  const auto core = ServerCore::of(scope);
  if (!core) return BEASTIO_CLOSED;
  sink(user, raw(core->namespaceOf(scope).text()));
  return BEASTIO_OK;
}

std::size_t socketsCount(std::uint32_t scope) {
  const auto core = ServerCore::of(scope);
  return core ? core->namespaceOf(scope).count() : 0;
}

beastio_status add(std::uint32_t scope, beastio_bytes event, const beastio_handlers* handlers,
                   beastio_registration** out) {
  const auto core = ServerCore::of(scope);
  if (!core || core->isClosed()) return BEASTIO_CLOSED;
  return addHandlers(core, scope, view(event), *handlers, out);
}

beastio_batch* newBatch(beastio_host* host) {
  auto core = openCore(host);
  if (!core) return nullptr;
  const auto threads = core->engine().ioThreads();
  auto content =
      std::make_unique<Outbox::Content>(Outbox::Content{std::move(core), Batch(threads)});
  return std::make_unique<beastio_batch>(std::move(content)).release();
}

/// A task of an addon: it is run, again and again perhaps, and dropped at last.
class Task {
 public:
  Task(beastio_task task, beastio_task drop, void* user) : task_(task), drop_(drop), user_(user) {}
  ~Task() {
    if (drop_ != nullptr) drop_(user_);
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  void run() const { task_(user_); }

 private:
  const beastio_task task_;
  const beastio_task drop_;
  void* const user_;
};

std::function<void()> functionOf(beastio_task task, beastio_task drop, void* user) {
  return [held = std::make_shared<const Task>(task, drop, user)] { held->run(); };
}

beastio_status postTo(beastio_host* host, std::uint32_t thread, beastio_task task,
                      beastio_task drop, void* user) {
  const auto run = functionOf(task, drop, user);
  const auto core = openCore(host);
  if (!core) return BEASTIO_CLOSED;
  if (thread >= core->engine().ioThreads()) return BEASTIO_BAD_ARGUMENTS;
  core->post(thread, [run](Shard& shard) { shard.run(run); });
  return BEASTIO_OK;
}

std::uint64_t timer(beastio_host* host, std::uint32_t thread, std::uint32_t ms, int repeats,
                    beastio_task task, beastio_task drop, void* user) {
  auto run = functionOf(task, drop, user);
  const auto core = openCore(host);
  if (!core || thread >= core->engine().ioThreads()) return 0;
  const std::chrono::milliseconds time(ms);
  return repeats != 0 ? core->every(thread, time, std::move(run))
                      : core->after(thread, time, std::move(run));
}

void cancel(beastio_host* host, std::uint64_t timer) {
  if (const auto core = host->core.lock()) core->engine().cancel(timer);
}

void refuse(beastio_next* next, beastio_bytes message, beastio_bytes data) {
  const std::unique_ptr<beastio_next> last(next);
  const auto json = RawJson::of(view(data));
  last->next({.message = std::string(view(message)),
              .dataJson = json ? std::string(json->text()) : std::string()});
}

void release(beastio_host* host) {
  if (host->holders.fetch_sub(1) > 1) return;
  const std::unique_ptr<beastio_host> last(host);
}

beastio_api makeApi() {
  beastio_api api{};
  api.size = sizeof(beastio_api);
  api.major = BEASTIO_ABI_MAJOR;
  api.minor = BEASTIO_ABI_MINOR;
  api.retain = [](beastio_host* host) { ++host->holders; };
  api.release = release;
  api.io_threads = [](const beastio_host* host) {
    const auto core = host->core.lock();
    return core ? core->engine().ioThreads() : 0U;
  };
  api.namespace_of = namespaceOf;
  api.serve_namespace = serveNamespace;
  api.let_in = [](beastio_next* next) {
    const std::unique_ptr<beastio_next> last(next);
    last->next();
  };
  api.refuse = refuse;
  api.namespace_name = namespaceName;
  api.sockets_count = socketsCount;
  api.add_handlers = add;
  api.remove_handlers = removeHandlers;
  api.batch_new = newBatch;
  api.post_to = postTo;
  api.timer = timer;
  api.cancel = cancel;
  api.report = [](beastio_host* host, beastio_bytes what) {
    if (const auto core = openCore(host)) core->report({Errc::kHandlerFailed, view(what), {}, {}});
  };
  api.is_server_thread = [] { return isServerThread() || hasToAnswer() ? 1 : 0; };
  api.inbox_new = [](std::size_t maxBytes) {
    return std::make_unique<beastio_inbox>(maxBytes).release();
  };
  api.inbox_free = [](beastio_inbox* inbox) { const std::unique_ptr<beastio_inbox> last(inbox); };
  api.inbox_drain = [](beastio_inbox* inbox) { return inbox->inbox.drain(); };
  api.inbox_wait = [](beastio_inbox* inbox, std::uint32_t ms) {
    return inbox->inbox.waitFor(std::chrono::milliseconds(ms)) ? 1 : 0;
  };
  addSends(api);
  addLocals(api);
  addJson(api);
  return api;
}

}  // namespace

const beastio_api& addonApi() {
  static const beastio_api api = makeApi();
  return api;
}

beastio_native* Guest::newNative() const {
  auto host = std::make_unique<beastio_host>();
  host->core = core_;
  return std::make_unique<beastio_native>(beastio_native{&addonApi(), host.release()}).release();
}

}  // namespace beastio::socketio
