// Beast's HTTP, under names of our own: here, and in all that is compiled from it, `boost` is
// `beastio_boost`. So a program may have a Boost of another version, or with other flags: the
// linker never takes its functions for ours. This is the only file that includes Boost.
#pragma once

#ifdef BOOST_CONFIG_HPP
#error "Boost was included before under its own name."
#endif

// Boost names this file by words that the new name would change.
#ifndef BOOST_USER_CONFIG
#define BOOST_USER_CONFIG "boost/config/user.hpp"
#endif

#define boost beastio_boost
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#undef boost

namespace beastio::transport {

namespace asio = beastio_boost::asio;
namespace beast = beastio_boost::beast;

}  // namespace beastio::transport
