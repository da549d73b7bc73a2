#include "session/open-packet.hpp"

#include "beastio/options.hpp"

namespace beastio::session {
namespace {

// A host may choose any sid, so it is escaped as JSON.stringify does.
std::string toJson(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  out.reserve(text.size() + 2);
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append({'\\', c});
    } else if (byte < 0x20) {
      out.append("\\u00").append({kHex[byte >> 4U], kHex[byte & 0xFU]});
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
  return out;
}

// What a session can be upgraded to, as the inside of a JSON array.
std::string upgradesOf(TransportName transport, const EngineOptions& options) {
  if (transport != TransportName::kPolling || !options.allowUpgrades) return {};
  std::string names;
  if (options.websocket) names = "\"websocket\"";
  if (options.webtransport) names.append(names.empty() ? "" : ",").append("\"webtransport\"");
  return names;
}

}  // namespace

std::string openData(std::string_view sid, TransportName transport, const EngineOptions& options) {
  std::string data;
  data.reserve(160 + sid.size());
  data.append("{\"sid\":").append(toJson(sid));
  data.append(",\"upgrades\":[").append(upgradesOf(transport, options));
  data.append("],\"pingInterval\":").append(std::to_string(options.pingInterval.count()));
  data.append(",\"pingTimeout\":").append(std::to_string(options.pingTimeout.count()));
  data.append(",\"maxPayload\":").append(std::to_string(options.maxHttpBufferSize));
  data.push_back('}');
  return data;
}

}  // namespace beastio::session
