'use strict';

/** A server whose events OpenTelemetry traces; `/spans` gives the spans that ended so far. */

const { registerInstrumentations } = require('@opentelemetry/instrumentation');
const { SocketIoInstrumentation } = require('@opentelemetry/instrumentation-socket.io');
const { InMemorySpanExporter, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-base');
const { NodeTracerProvider } = require('@opentelemetry/sdk-trace-node');

const exporter = new InMemorySpanExporter();
const tracerProvider = new NodeTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(exporter)],
});
tracerProvider.register();
registerInstrumentations({
  tracerProvider,
  instrumentations: [new SocketIoInstrumentation({ traceReserved: true })],
});

const { createServer } = require('node:http');
const { Server } = require('socket.io');

const httpServer = createServer((req, res) => {
  const spans = exporter.getFinishedSpans();
  res.end(JSON.stringify(spans.map(({ name, attributes }) => ({ name, attributes }))));
});
const io = new Server(httpServer);

io.on('connection', (socket) => {
  socket.on('hello', (name, done) => {
    socket.emit('greeting', name);
    socket.join('room');
    io.to('room').emit('to room', name);
    io.emit('to all', name);
    done();
  });
});
httpServer.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: httpServer.address().port }));
});
process.stdin.on('end', () => io.close()).resume();
