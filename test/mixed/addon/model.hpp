// The handlers of the random programs: random.test.js has the same in JavaScript.
#pragma once

#include <beastio/native.hpp>
#include <functional>
#include <map>
#include <string>

namespace {

using beastio::socketio::Ack;
using beastio::socketio::Args;
using beastio::socketio::Namespace;
using beastio::socketio::Result;
using beastio::socketio::Socket;

const std::map<std::string, std::function<void(Namespace&, const std::string&)>> kModelHandlers{
    {"echo",
     [](Namespace& nsp, const std::string& event) {
       nsp.on(event, [](Socket& socket, const Args& args) { socket.emit("echoed", args); });
     }},
    {"join",
     [](Namespace& nsp, const std::string& event) {
       nsp.on(event, [](Socket& socket, const std::string& room, const Ack& ack) {
         socket.join(room);
         ack(room);
       });
     }},
    {"leave",
     [](Namespace& nsp, const std::string& event) {
       nsp.on(event, [](Socket& socket, const std::string& room, const Ack& ack) {
         socket.leave(room);
         ack(room);
       });
     }},
    {"say",
     [](Namespace& nsp, const std::string& event) {
       nsp.on(event, [](Socket& socket, const std::string& room, const Args& args) {
         socket.to(room).emit("said", args);
       });
     }},
    {"tell",
     [](Namespace& nsp, const std::string& event) {
       nsp.on(event, [&nsp](const std::string& room, const Args& args) {
         nsp.to(room).except("c").emit("told", args);
       });
     }},
    {"shout",
     [](Namespace& nsp, const std::string& event) {
       nsp.on(event, [&nsp](const Args& args) { nsp.emit("shouted", args); });
     }},
    {"ask",
     [](Namespace& nsp, const std::string& event) {
       nsp.on(event, [](Socket& socket, const Args& args) {
         socket.emitWithAck<std::string>("question", args)
             .then([ref = socket.ref()](Result<std::string> answer) {
               ref.emit("answered", answer ? *answer : "nothing");
             });
       });
     }},
    {"quit",
     [](Namespace& nsp, const std::string& event) {
       nsp.on(event, [](Socket& socket) { socket.disconnect(); });
     }},
};

}  // namespace
