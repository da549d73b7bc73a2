// A feed of quotes: a thread of its own makes them, and each goes to the room of its symbol. No
// quote touches the JavaScript thread.
#include <atomic>
#include <beastio/native.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace beastio::socketio;
using beastio::native::Host;
using Clock = std::chrono::steady_clock;

namespace {

/// Quotes for all symbols, at a steady rate, until it is destroyed.
class Feed {
 public:
  Feed(const Host& host, std::vector<std::string> symbols, double perSecond)
      : host_(host),
        quotes_(host.of("/")),
        symbols_(std::move(symbols)),
        prices_(symbols_.size(), kFirstPrice),
        perSecond_(perSecond),
        thread_([this] { run(); }) {}
  ~Feed() {
    isOver_ = true;
    thread_.join();
  }
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  std::uint64_t made() const { return made_; }

 private:
  static constexpr double kFirstPrice = 100;
  static constexpr std::chrono::milliseconds kStep{1};

  void run() {
    Outbox out(host_);
    const auto begin = Clock::now();
    for (auto next = begin + kStep; !isOver_; next += kStep) {
      std::this_thread::sleep_until(next);
      const std::chrono::duration<double> passed = Clock::now() - begin;
      const auto due = static_cast<std::uint64_t>(passed.count() * perSecond_);
      while (made_ < due) quote(out);
      out.flush();  // waits while clients cannot take more
    }
  }

  void quote(Outbox& out) {
    const auto index = made_++ % symbols_.size();
    auto& price = prices_[index];
    price = std::max(1.0, price + step_(random_));
    const auto cents = static_cast<std::int64_t>(price * 100);
    // Whoever cannot take it at once needs no old quotes.
    quotes_.to(symbols_[index]).volatile_().emitThrough(out, "quote", symbols_[index], cents);
  }

  const Host host_;
  const Namespace& quotes_;
  const std::vector<std::string> symbols_;
  std::vector<double> prices_;
  const double perSecond_;
  std::minstd_rand random_{1};
  std::normal_distribution<double> step_{0, 0.05};
  std::atomic<std::uint64_t> made_ = 0;
  std::atomic<bool> isOver_ = false;
  std::thread thread_;  // the last: it uses the others
};

std::unique_ptr<Feed> feed;

std::vector<std::string> textsOf(napi_env env, napi_value array) {
  std::uint32_t length = 0;
  napi_get_array_length(env, array, &length);
  std::vector<std::string> texts;
  for (std::uint32_t i = 0; i < length; ++i) {
    napi_value element = nullptr;
    char text[32] = "";
    napi_get_element(env, array, i, &element);
    napi_get_value_string_utf8(env, element, text, sizeof(text), nullptr);
    texts.emplace_back(text);
  }
  return texts;
}

/// start(io.native, symbols, quotesPerSecond)
napi_value start(napi_env env, napi_callback_info info) {
  std::size_t count = 3;
  napi_value arguments[3] = {};
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  const auto host = Host::from(env, arguments[0]);
  if (!host) return nullptr;  // it has thrown
  double perSecond = 0;
  napi_get_value_double(env, arguments[2], &perSecond);
  feed.reset();
  feed = std::make_unique<Feed>(*host, textsOf(env, arguments[1]), perSecond);
  return nullptr;
}

/// made(): how many quotes there were
napi_value made(napi_env env, napi_callback_info) {
  napi_value number = nullptr;
  napi_create_double(env, feed ? static_cast<double>(feed->made()) : 0, &number);
  return number;
}

/// stop()
napi_value stop(napi_env, napi_callback_info) {
  feed.reset();
  return nullptr;
}

void onEnd(void*) { feed.reset(); }

}  // namespace

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      {"start", nullptr, start, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"made", nullptr, made, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"stop", nullptr, stop, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, std::size(functions), functions);
  napi_add_env_cleanup_hook(env, onEnd, nullptr);
  return exports;
}
