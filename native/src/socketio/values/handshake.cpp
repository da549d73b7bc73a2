#include "beastio/socketio/handshake.hpp"

#include "beastio/http-fields.hpp"

namespace beastio::socketio {

std::string_view Handshake::header(std::string_view name) const {
  return headerValue(facts_->header, name);
}

std::string Handshake::query(std::string_view name) const { return queryValue(url(), name); }

std::string_view Handshake::url() const { return requestLineOf(facts_->header).target; }

}  // namespace beastio::socketio
