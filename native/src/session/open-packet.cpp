#include "session/open-packet.hpp"

#include "session/settings.hpp"

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
std::string upgradesOf(bool isPolling, const Settings& settings) {
  if (!isPolling || !settings.allowUpgrades) return {};
  std::string names;
  if (settings.websocket) names = "\"websocket\"";
  if (settings.webtransport) names.append(names.empty() ? "" : ",").append("\"webtransport\"");
  return names;
}

}  // namespace

std::string openData(std::string_view sid, bool isPolling, const Settings& settings) {
  std::string data;
  data.reserve(160 + sid.size());
  data.append("{\"sid\":").append(toJson(sid));
  data.append(",\"upgrades\":[").append(upgradesOf(isPolling, settings));
  data.append("],\"pingInterval\":").append(std::to_string(settings.pingInterval.count()));
  data.append(",\"pingTimeout\":").append(std::to_string(settings.pingTimeout.count()));
  data.append(",\"maxPayload\":").append(std::to_string(settings.maxHttpBufferSize));
  data.push_back('}');
  return data;
}

}  // namespace beastio::session
