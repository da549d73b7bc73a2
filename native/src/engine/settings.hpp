// From the public options to what the rooms below are set to: the one place where a new option is
// handed down. Pure functions.
#pragma once

#include <memory>
#include <optional>

namespace beastio {
struct EngineOptions;
struct PerMessageDeflateOptions;
}  // namespace beastio

namespace beastio::protocol {
class DeflatePool;
struct DeflateOptions;
}  // namespace beastio::protocol

namespace beastio::transport {
struct Settings;
}

namespace beastio::engine {

std::shared_ptr<const transport::Settings> settingsOf(const EngineOptions& options);

/// What is negotiated; empty for none.
std::optional<protocol::DeflateOptions> negotiableOf(
    const std::optional<PerMessageDeflateOptions>& options);

/// The zlib streams of a thread; none without the option.
std::unique_ptr<protocol::DeflatePool> deflatePoolOf(const EngineOptions& options);

}  // namespace beastio::engine
