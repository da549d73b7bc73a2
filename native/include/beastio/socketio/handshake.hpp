// How a client has come.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "beastio/export.hpp"
#include "beastio/socketio/codec.hpp"
#include "beastio/socketio/errors.hpp"

namespace beastio::socketio {

/// The request with which a client has come, and what it says of itself. Copies are cheap. Runs on:
/// any thread.
class BEASTIO_EXPORT Handshake {
 public:
  /// What all sockets of a client have in common.
  struct Facts {
    std::string header{};                          ///< from the first line to the empty one
    std::string address{};                         ///< of the client
    bool isSecure = false;                         ///< it came by TLS
    std::chrono::system_clock::time_point time{};  ///< when
  };

  /// Nobody's.
  Handshake() : Handshake(std::make_shared<const Facts>(), {}) {}
  /// For the server.
  Handshake(std::shared_ptr<const Facts> facts, std::string auth)
      : facts_(std::move(facts)), auth_(std::move(auth)) {}

#ifndef BEASTIO_NATIVE_ADDON  // there JavaScript knows the request
  /// A header; empty if there is none. The first of several fields counts.
  std::string_view header(std::string_view name) const;
  /// A parameter of the query, decoded; empty if there is none.
  std::string query(std::string_view name) const;
  /// The path and the query.
  std::string_view url() const;
  /// Of the client; empty for a unix socket.
  std::string_view address() const { return facts_->address; }
  /// Whether it came by TLS.
  bool isSecure() const { return facts_->isSecure; }
  /// When it came.
  std::chrono::system_clock::time_point time() const { return facts_->time; }
#endif
  /// What the client has given as `auth`: a JSON object.
  std::string_view auth() const { return auth_; }
  /// The same as a T. Errors: kBadArguments.
  template <Readable T>
  Result<T> authAs() const {
    T value{};
    if (!Codec<T>::read({.json = auth_}, value)) return make_error_code(Errc::kBadArguments);
    return value;
  }

 private:
  std::shared_ptr<const Facts> facts_;
  std::string auth_;
};

}  // namespace beastio::socketio
