// The compiled parts of the program's own Boost.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
