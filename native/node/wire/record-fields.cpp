#include "record-fields.hpp"

#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "beastio/host/port-events.hpp"
#include "beastio/message.hpp"

namespace beastio::addon {
namespace {

// Texts of this size and more cross as separate strings, not as slices of a joined one. Such bytes
// cross as a Buffer. A Buffer costs V8 more than a slice, and the garbage collector more than a
// string.
constexpr std::size_t kLargeBytes = 1024;

constexpr std::int32_t kBuffer = -1;
constexpr std::int32_t kNoTls = -1;
constexpr std::int32_t kNoRequest = -2;

void appendNarrow(const Text& text, std::string& out) {
  if (text.encoding == TextEncoding::kAscii) {
    out.append(text.utf8);
  } else {
    appendLatin1(text.utf8, out);
  }
}

// A text of characters up to U+00FF.
void addLatin1Extra(Content& content, std::string characters) {
  content.bytes += characters.size();
  content.extras.push_back({.kind = Extra::Kind::kLatin1, .bytes = std::move(characters)});
}

}  // namespace

Descriptor::~Descriptor() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void Content::clear() {
  records.clear();
  latin1.clear();
  utf16.clear();
  extras.clear();
  descriptors.clear();
  bytes = 0;
  clientsWait = false;
  last = 0;
}

void Content::append(Content& other) {
  records.insert(records.end(), other.records.begin(), other.records.end());
  latin1 += other.latin1;
  utf16 += other.utf16;
  std::move(other.extras.begin(), other.extras.end(), std::back_inserter(extras));
  std::move(other.descriptors.begin(), other.descriptors.end(), std::back_inserter(descriptors));
  bytes += other.bytes;
  clientsWait = clientsWait || other.clientsWait;
  last = other.last;
}

bool isAscii(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) == 0; });
}

TextPlace placeOf(const Text& text) {
  if (text.utf8.size() >= kLargeBytes) return TextPlace::kExtra;
  return text.encoding == TextEncoding::kUtf16 ? TextPlace::kUtf16 : TextPlace::kLatin1;
}

std::size_t addLatin1(Content& content, const Text& text) {
  const auto before = content.latin1.size();
  content.bytes += text.utf8.size();
  appendNarrow(text, content.latin1);
  return content.latin1.size() - before;
}

std::size_t addNamespace(Content& content, std::string_view ascii) {
  return addLatin1(content, {ascii});
}

AddedText addText(Content& content, const Text& text) {
  const auto place = placeOf(text);
  if (place == TextPlace::kLatin1) return {place, addLatin1(content, text)};
  if (place == TextPlace::kExtra) {
    addLargeText(content, text);
    return {place, 0};
  }
  const auto before = content.utf16.size();
  content.bytes += text.utf8.size();
  appendUtf16(text.utf8, content.utf16);
  return {place, content.utf16.size() - before};
}

void addLargeText(Content& content, const Text& text) {
  content.bytes += text.utf8.size();
  if (text.encoding == TextEncoding::kUtf16) {
    appendUtf16(text.utf8, content.extras.emplace_back(Extra{.kind = Extra::Kind::kUtf16}).utf16);
  } else {
    appendNarrow(text, content.extras.emplace_back(Extra{.kind = Extra::Kind::kLatin1}).bytes);
  }
}

void addBuffer(Content& content, Bytes bytes) {
  content.bytes += bytes.view.size();
  content.extras.push_back(
      {.kind = Extra::Kind::kBytes,
       .bytes = bytes.memory != nullptr ? std::move(*bytes.memory) : std::string(bytes.view)});
}

std::int32_t addFewBytes(Content& content, std::string_view bytes) {
  if (bytes.size() >= kLargeBytes) {
    addBuffer(content, bytes);
    return kBuffer;
  }
  content.bytes += bytes.size();
  content.latin1 += bytes;
  return static_cast<std::int32_t>(bytes.size());
}

std::int32_t addBytes(Content& content, std::string_view bytes) {
  return addFewBytes(content, bytes);
}

std::int32_t addAsciiOrBuffer(Content& content, std::string_view bytes) {
  if (isAscii(bytes)) return addFewBytes(content, bytes);
  addBuffer(content, bytes);
  return kBuffer;
}

// The facts' texts are joined by NUL, which none of them can have in it.
std::int32_t addTlsFacts(Content& content, const TlsFacts& facts) {
  std::string text;
  for (const auto* part :
       {&facts.protocol, &facts.cipher, &facts.cipherStandardName, &facts.cipherVersion,
        &facts.serverName, &facts.applicationProtocol, &facts.authorizationError}) {
    text.append(*part).push_back('\0');
  }
  text += facts.sessionReused ? '1' : '0';
  text += facts.certificateRequested ? '1' : '0';
  addLatin1Extra(content, std::move(text));
  for (const auto& certificate : facts.peerCertificates) addBuffer(content, certificate);
  return static_cast<std::int32_t>(facts.peerCertificates.size());
}

std::int32_t addOwnRequest(Content& content, const OwnRequest* request) {
  if (request == nullptr) return kNoRequest;
  const auto port = std::to_string(request->peer.port);
  std::string text;
  text.reserve(request->peer.address.size() + port.size() + 2 + request->header.size());
  text.append(request->peer.address).append(" ").append(port).append("\n");
  text.append(request->header);
  addLatin1Extra(content, std::move(text));
  return request->tls == nullptr ? kNoTls : addTlsFacts(content, *request->tls);
}

}  // namespace beastio::addon
