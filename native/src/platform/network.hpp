// The system's headers for addresses and sockets.
#pragma once

// IWYU pragma: begin_exports
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
// IWYU pragma: end_exports
