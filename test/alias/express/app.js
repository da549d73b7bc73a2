'use strict';

/**
 * Express, express-session and passport in front of a Socket.IO server that shares the session. Who has
 * logged in by HTTP is known to the socket, and who logs out is disconnected.
 */

const { createServer } = require('node:http');
const express = require('express');
const session = require('express-session');
const passport = require('passport');
const { Server } = require('socket.io');

const app = express();
const httpServer = createServer(app);
const sessionMiddleware = session({ secret: 'test', resave: false, saveUninitialized: false });

passport.serializeUser((user, done) => done(null, user.name));
passport.deserializeUser((name, done) => done(null, { name }));

app.use(sessionMiddleware, passport.session());
app.get('/whoami', (req, res) => {
  res.json({ name: req.user?.name, events: req.session.events ?? 0 });
});
app.post('/login/:name', (req, res, next) => {
  req.login({ name: req.params.name }, (err) => (err ? next(err) : res.sendStatus(204)));
});
app.post('/logout', (req, res, next) => {
  io.in(`session:${req.session.id}`).disconnectSockets(true);
  req.logout((err) => (err ? next(err) : res.sendStatus(204)));
});

const io = new Server(httpServer);

const onlyForHandshake = (middleware) => (req, res, next) =>
  req._query.sid === undefined ? middleware(req, res, next) : next();
io.engine.use(onlyForHandshake(sessionMiddleware));
io.engine.use(onlyForHandshake(passport.session()));
io.engine.use(
  onlyForHandshake((req, res, next) => {
    if (req.user) return next();
    res.writeHead(401);
    res.end();
  }),
);

io.on('connection', (socket) => {
  const { request } = socket;
  socket.join(`session:${request.session.id}`);
  socket.on('whoami', (done) => done(request.user.name));
  socket.on('count', (done) => {
    request.session.reload(() => {
      request.session.events = (request.session.events ?? 0) + 1;
      request.session.save(() => done(request.session.events));
    });
  });
});

httpServer.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: httpServer.address().port }));
});
process.stdin.on('end', () => io.close()).resume();
