#include "protocol/http/cors.hpp"

#include <algorithm>
#include <initializer_list>
#include <vector>

#include "beastio/http-fields.hpp"
#include "beastio/options.hpp"

namespace beastio::protocol {
namespace {

constexpr std::string_view kDefaultMethods = "GET,HEAD,PUT,PATCH,POST,DELETE";
constexpr std::string_view kRequestHeaders = "Access-Control-Request-Headers";

std::string joined(const std::vector<std::string>& values) {
  std::string all;
  for (const auto& value : values) all.append(all.empty() ? "" : ",").append(value);
  return all;
}

void append(std::string& lines, std::string_view name, std::string_view value) {
  if (!value.empty()) lines.append(name).append(": ").append(value).append("\r\n");
}

bool isForEverybody(const CorsOptions& options) {
  return std::find(options.origins.begin(), options.origins.end(), "*") != options.origins.end();
}

// The one line that says by which request headers the answer differs.
std::string varyLine(std::initializer_list<std::string_view> names) {
  std::string line("Vary: ");
  for (const auto name : names) line.append(name == *names.begin() ? "" : ", ").append(name);
  return line.append("\r\n");
}

void appendOrigin(std::string& lines, const CorsOptions& options, std::string_view header) {
  if (isForEverybody(options)) return append(lines, "Access-Control-Allow-Origin", "*");
  const auto origin = joinedHeaderValue(header, "Origin");
  const auto& allowed = options.origins;
  if (std::find(allowed.begin(), allowed.end(), origin) == allowed.end()) return;
  append(lines, "Access-Control-Allow-Origin", origin);
}

void appendCredentials(std::string& lines, const CorsOptions& options) {
  if (options.credentials) append(lines, "Access-Control-Allow-Credentials", "true");
}

void appendExposed(std::string& lines, const CorsOptions& options) {
  append(lines, "Access-Control-Expose-Headers", joined(options.exposedHeaders));
}

}  // namespace

std::string corsLines(const CorsOptions& options, std::string_view header) {
  std::string lines;
  appendOrigin(lines, options, header);
  if (!isForEverybody(options)) lines.append(varyLine({"Origin"}));
  appendCredentials(lines, options);
  appendExposed(lines, options);
  return lines;
}

std::string preflightLines(const CorsOptions& options, std::string_view header) {
  std::string lines;
  const bool reflects = options.allowedHeaders.empty();
  appendOrigin(lines, options, header);
  if (!isForEverybody(options)) {
    lines.append(reflects ? varyLine({"Origin", kRequestHeaders}) : varyLine({"Origin"}));
  }
  appendCredentials(lines, options);
  append(lines, "Access-Control-Allow-Methods",
         options.methods.empty() ? kDefaultMethods : joined(options.methods));
  if (isForEverybody(options) && reflects) lines.append(varyLine({kRequestHeaders}));
  append(lines, "Access-Control-Allow-Headers",
         reflects ? joinedHeaderValue(header, kRequestHeaders) : joined(options.allowedHeaders));
  if (options.maxAge) {
    append(lines, "Access-Control-Max-Age", std::to_string(options.maxAge->count()));
  }
  appendExposed(lines, options);
  return lines;
}

}  // namespace beastio::protocol
