#include "chat-server.hpp"

#include <beastio/engine.hpp>
#include <beastio/static-files.hpp>
#include <iostream>
#include <memory>

#include "chat.hpp"
#include "checks.hpp"

namespace chat {

using beastio::StaticFiles;
using beastio::StaticFilesOptions;
using beastio::socketio::Errc;
using beastio::socketio::ErrorReport;
using beastio::socketio::ServerOptions;
using std::chrono_literals::operator""s;

namespace {

ServerOptions optionsFor(std::chrono::milliseconds away) {
  ServerOptions options;
  options.connectionStateRecovery = {.maxDisconnectionDuration = away};
  options.engine.ioThreads = 1;  // all handlers run on it: the state of the chat has no locks
  // Twice an image, so that one that is too large is refused by an answer, not by a cut line.
  options.engine.maxHttpBufferSize = 2 * kImageMaxBytes;
  // Presence is only as honest as the heartbeat: a silent phone is "away" after 20 seconds.
  options.engine.pingInterval = 12s;
  options.engine.pingTimeout = 8s;
  return options;
}

StaticFilesOptions pageIn(const std::string& folder) {
  StaticFilesOptions page;
  page.folder = folder;
  page.cacheControl = "no-cache";
  page.headers = {
      {"Content-Security-Policy",
       "default-src 'self'; img-src 'self' blob: data:; connect-src 'self' ws: wss: blob:; "
       "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Content-Type-Options", "nosniff"},
  };
  return page;
}

}  // namespace

ChatServer::ChatServer(const Folders& folders, std::chrono::milliseconds away)
    : chat_(std::make_unique<Chat>(io_, away)), io_(optionsFor(away)) {
  io_.onError([](const ErrorReport& report) {
    if (report.error == Errc::kHandlerFailed)
      std::cerr << report.event << ": " << report.what << "\n";
  });
  io_.engine().setWebHandlers({
      std::make_shared<StaticFiles>(StaticFilesOptions::browserClient(folders.client)),
      std::make_shared<StaticFiles>(pageIn(folders.page)),
  });
  chat_->start();
}

ChatServer::~ChatServer() = default;

}  // namespace chat
