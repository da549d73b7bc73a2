#include "transport/loop/reactor.hpp"

#include <boost/asio/detail/reactor.hpp>

namespace beastio::transport {

#if defined(BOOST_ASIO_HAS_EPOLL)
namespace {

using Reactor = boost::asio::detail::epoll_reactor;

// Asio has no way to ask for it. An explicit instantiation may name a private member.
template <int Reactor::*kMember>
struct Grant {
  friend int descriptorOf(Reactor& reactor) { return reactor.*kMember; }
};
int descriptorOf(Reactor& reactor);
template struct Grant<&Reactor::epoll_fd_>;

}  // namespace

int reactorDescriptor(boost::asio::io_context& io) {
  return descriptorOf(boost::asio::use_service<Reactor>(io));
}
#else
int reactorDescriptor(boost::asio::io_context&) { return -1; }
#endif

}  // namespace beastio::transport
