// One batch of records, and how the fields of a record are put into it: numbers, two joined texts,
// and extras. Texts and extras are consumed in order, so a record names lengths, never positions.
// lib/engine/wire/record-fields.js takes them out. Owner: the I/O thread that fills it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "layout.hpp"

namespace beastio {
struct OwnRequest;
struct TlsFacts;
enum class TextEncoding : std::uint8_t;
}  // namespace beastio

namespace beastio::addon {

/// A descriptor on its way to JavaScript: closed if it does not arrive.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  Descriptor(Descriptor&& other) noexcept : descriptor_(other.release()) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor();

  int release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

/// A value that crosses as a separate object.
struct Extra {
  enum class Kind : std::uint8_t { kLatin1, kUtf16, kBytes };
  Kind kind = Kind::kBytes;
  std::string bytes{};
  std::u16string utf16{};
};

/// One batch of records.
struct Content {
  std::vector<std::int32_t> records;
  std::string latin1;
  std::u16string utf16;
  std::vector<Extra> extras;
  std::vector<Descriptor> descriptors;  // of the kConnection records
  std::size_t bytes = 0;
  bool clientsWait = false;  // for its delivery, to be read again
  std::uint64_t last = 0;    // number of the last batch in it, of the thread's

  bool empty() const { return records.empty(); }
  /// What it occupies, about: a flood of empty messages has records only.
  std::size_t cost() const {
    return bytes + records.size() * sizeof(std::int32_t) + extras.size() * sizeof(Extra);
  }
  void clear();
  void append(Content& other);
};

/// A text on its way to JavaScript.
struct Text {
  std::string_view utf8{};
  TextEncoding encoding{};
};

/// Bytes on their way to JavaScript.
struct Bytes {
  Bytes(std::string_view theBytes, std::string* theirMemory = nullptr)
      : view(theBytes), memory(theirMemory) {}
  Bytes(const std::string& theBytes) : view(theBytes) {}

  std::string_view view;
  std::string* memory = nullptr;  ///< holds just them, and may be taken
};

bool isAscii(std::string_view bytes);

/// Where `addText` puts a text.
TextPlace placeOf(const Text& text);

// Fields of records, by their kinds in wire.json. Each returns what stands for it among the
// numbers.

struct AddedText {
  TextPlace place;
  std::size_t length;  // 0 for an extra, which tells its length itself
};

/// The text must be representable in Latin-1.
std::size_t addLatin1(Content& content, const Text& text);
/// Empty: the namespace "/".
std::size_t addNamespace(Content& content, std::string_view ascii);
AddedText addText(Content& content, const Text& text);
void addLargeText(Content& content, const Text& text);
void addBuffer(Content& content, Bytes bytes);
/// Few bytes cross as characters up to U+00FF. Returns their length, or -1 for a Buffer.
std::int32_t addFewBytes(Content& content, std::string_view bytes);
/// The same; JavaScript gets a Buffer in any case.
std::int32_t addBytes(Content& content, std::string_view bytes);
/// The same; bytes are a text only if their characters are the same in every encoding.
std::int32_t addAsciiOrBuffer(Content& content, std::string_view bytes);
/// Returns the count of certificates.
std::int32_t addTlsFacts(Content& content, const TlsFacts& facts);
/// Its address and header are one text. Returns the count of certificates, -1 for a request without
/// TLS, -2 if there is none.
std::int32_t addOwnRequest(Content& content, const OwnRequest* request);

template <class... Numbers>
void addNumbers(Content& content, Record record, Numbers... numbers) {
  content.records.insert(content.records.end(), {static_cast<std::int32_t>(record),
                                                 static_cast<std::int32_t>(numbers)...});
}

}  // namespace beastio::addon
