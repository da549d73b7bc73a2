// permessage-deflate offers: characters → `HeaderReader` → parameters → `Offer` → the first
// acceptable one. The whole header is read even when an offer has been chosen, because an error
// behind it refuses the handshake too. Runs on: any thread. Bound: one offer at a time is kept.
#include "protocol/websocket/deflate-offer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

namespace beastio::protocol {
namespace {

using Kind = WindowBitsOption::Kind;

constexpr std::string_view kExtension = "permessage-deflate";
constexpr std::uint8_t kMinWindowBits = 8;
constexpr std::uint8_t kMaxWindowBits = 15;

enum class Name : std::uint8_t {
  kServerNoContextTakeover,
  kClientNoContextTakeover,
  kServerMaxWindowBits,
  kClientMaxWindowBits,
};

/// How they are spelled, in the order of `Name`.
constexpr std::array<std::string_view, 4> kNames{
    "server_no_context_takeover",
    "client_no_context_takeover",
    "server_max_window_bits",
    "client_max_window_bits",
};

/// RFC 9110 §5.6.2.
bool isTokenCharacter(char character) {
  const auto within = [character](char low, char high) {
    return character >= low && character <= high;
  };
  return within('0', '9') || within('a', 'z') || within('A', 'Z') ||
         std::string_view("!#$%&'*+-.^_`|~").find(character) != std::string_view::npos;
}

bool isBlank(char character) { return character == ' ' || character == '\t'; }

/// The lexical level of the header. What is not there is returned as an empty text: neither a token
/// nor a value can be empty.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view header) : rest_(header) {}

  bool atEnd() const { return rest_.empty(); }

  bool take(char character) {
    if (!rest_.starts_with(character)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void skipBlanks() {
    while (!rest_.empty() && isBlank(rest_.front())) rest_.remove_prefix(1);
  }

  std::string_view token() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), isTokenCharacter);
    const auto token = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(token.size());
    return token;
  }

  /// A token, or one in quotes, in which any character may be escaped.
  std::string value() {
    if (!take('"')) return std::string(token());
    std::string value;
    while (!rest_.empty()) {
      if (take('"')) return value;
      take('\\');
      if (rest_.empty() || !isTokenCharacter(rest_.front())) break;
      value.push_back(rest_.front());
      rest_.remove_prefix(1);
    }
    return {};
  }

 private:
  std::string_view rest_;
};

/// The number of bits that `value` spells, or 0 if it is not one of a window.
std::uint8_t windowBits(std::string_view value) {
  std::uint8_t bits = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), bits);
  const bool valid = error == std::errc() && end == value.data() + value.size() &&
                     bits >= kMinWindowBits && bits <= kMaxWindowBits;
  return valid ? bits : 0;
}

/// The parameters of one offer, and later of the answer, in the order in which they came.
class Offer {
 public:
  /// Adds a parameter of the client; no `value` means that it has none. False: it is unknown,
  /// repeated or invalid.
  bool add(std::string_view spelled, const std::optional<std::string>& value) {
    const auto found = std::find(kNames.begin(), kNames.end(), spelled);
    if (found == kNames.end()) return false;
    const auto name = static_cast<Name>(found - kNames.begin());
    if (has(name)) return false;

    std::uint8_t bits = 0;
    if (name == Name::kServerMaxWindowBits || name == Name::kClientMaxWindowBits) {
      if (!value && name == Name::kServerMaxWindowBits) return false;
      if (value && (bits = windowBits(*value)) == 0) return false;
    } else if (value) {
      return false;
    }
    set(name, bits);
    return true;
  }

  bool has(Name name) const { return indexOf(name) < count_; }

  /// The bits of a window parameter; 0 if it is missing or came without a value.
  std::uint8_t bits(Name name) const { return has(name) ? parameters_[indexOf(name)].bits : 0; }

  void set(Name name, std::uint8_t bits = 0) {
    const std::size_t index = indexOf(name);
    parameters_[index] = {name, bits};
    count_ = std::max(count_, index + 1);
  }

  void remove(Name name) {
    if (!has(name)) return;
    const auto at = parameters_.begin() + static_cast<std::ptrdiff_t>(indexOf(name));
    std::rotate(at, at + 1, parameters_.end());
    --count_;
  }

  std::string format() const {
    std::string text(kExtension);
    for (std::size_t i = 0; i < count_; ++i) {
      text.append("; ").append(kNames[static_cast<std::size_t>(parameters_[i].name)]);
      if (parameters_[i].bits > 0) text.append("=").append(std::to_string(parameters_[i].bits));
    }
    return text;
  }

 private:
  struct Parameter {
    Name name;
    std::uint8_t bits;  ///< 0: none
  };

  /// Where `name` is, or where it would be added.
  std::size_t indexOf(Name name) const {
    std::size_t index = 0;
    while (index < count_ && parameters_[index].name != name) ++index;
    return index;
  }

  std::array<Parameter, kNames.size()> parameters_{};
  std::size_t count_ = 0;
};

bool isAcceptable(const Offer& offer, const DeflateOptions& options) {
  if (options.serverNoContextTakeover == false && offer.has(Name::kServerNoContextTakeover)) {
    return false;
  }
  const std::uint8_t serverBits = offer.bits(Name::kServerMaxWindowBits);
  const WindowBitsOption& server = options.serverMaxWindowBits;
  if (serverBits > 0 && (server.kind == Kind::kRefused ||
                         (server.kind == Kind::kFixed && server.bits > serverBits))) {
    return false;
  }
  const WindowBitsOption& client = options.clientMaxWindowBits;
  if (client.kind != Kind::kFixed) return true;
  const std::uint8_t clientBits = offer.bits(Name::kClientMaxWindowBits);
  return offer.has(Name::kClientMaxWindowBits) && (clientBits == 0 || client.bits <= clientBits);
}

/// What the server makes of an acceptable offer.
DeflateNegotiation accept(Offer offer, const DeflateOptions& options) {
  if (options.serverNoContextTakeover == true) offer.set(Name::kServerNoContextTakeover);
  if (options.clientNoContextTakeover) offer.set(Name::kClientNoContextTakeover);
  if (options.serverMaxWindowBits.kind == Kind::kFixed) {
    offer.set(Name::kServerMaxWindowBits, options.serverMaxWindowBits.bits);
  }
  if (options.clientMaxWindowBits.kind == Kind::kFixed) {
    offer.set(Name::kClientMaxWindowBits, options.clientMaxWindowBits.bits);
  } else if (options.clientMaxWindowBits.kind == Kind::kRefused ||
             offer.bits(Name::kClientMaxWindowBits) == 0) {
    offer.remove(Name::kClientMaxWindowBits);
  }

  const auto bitsOf = [&offer](Name name) {
    return offer.has(name) ? offer.bits(name) : kMaxWindowBits;
  };
  return {.outcome = DeflateNegotiation::Outcome::kAccepted,
          .parameters = {.serverNoContextTakeover = offer.has(Name::kServerNoContextTakeover),
                         .clientNoContextTakeover = offer.has(Name::kClientNoContextTakeover),
                         .serverWindowBits = bitsOf(Name::kServerMaxWindowBits),
                         .clientWindowBits = bitsOf(Name::kClientMaxWindowBits)},
          .answer = offer.format()};
}

}  // namespace

DeflateNegotiation negotiateDeflate(std::string_view header, const DeflateOptions& options) {
  const auto refused = [] {
    return DeflateNegotiation{.outcome = DeflateNegotiation::Outcome::kRefused};
  };
  if (header.empty() || isBlank(header.front()) || isBlank(header.back())) return refused();

  std::optional<Offer> chosen;
  bool offered = false;
  HeaderReader reader(header);
  do {
    reader.skipBlanks();
    const std::string_view extension = reader.token();
    if (extension.empty()) return refused();
    reader.skipBlanks();

    Offer offer;
    while (reader.take(';')) {
      reader.skipBlanks();
      const std::string_view name = reader.token();
      if (name.empty()) return refused();
      std::optional<std::string> value;
      if (reader.take('=') && (value = reader.value())->empty()) return refused();
      reader.skipBlanks();
      if (extension == kExtension && !offer.add(name, value)) return refused();
    }
    if (extension != kExtension) continue;
    offered = true;
    if (!chosen && isAcceptable(offer, options)) chosen = offer;
  } while (reader.take(','));

  if (!reader.atEnd()) return refused();
  if (!offered) return {};
  return chosen ? accept(*chosen, options) : refused();
}

}  // namespace beastio::protocol
