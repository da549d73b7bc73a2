/** A chat on a port of its own: PORT, or 3000. */
import fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Server } from 'beast.io';

/** What clients send. */
export interface ClientEvents {
  say: (text: string) => void;
}

/** What they are sent. */
export interface ServerEvents {
  said: (text: string) => void;
}

export type Chat = Server<ClientEvents, ServerEvents>;

const PAGE = path.join(__dirname, '../../public/index.html');
const MAX_LENGTH = 200;

/** Answers what is not for Socket.IO. An application of Express could stand here. */
function servePage(req: IncomingMessage, res: ServerResponse): void {
  if (req.url !== '/') return void res.writeHead(404).end();
  res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  fs.createReadStream(PAGE).pipe(res);
}

/** On a port; 0 is a free one. */
export function createChat(port: number): Chat {
  const io: Chat = new Server(port, { requestListener: servePage });
  io.on('connection', (socket) => {
    socket.on('say', (text: unknown) => {
      // Clients may send anything, whatever the types say.
      if (typeof text !== 'string' || text.trim() === '') return;
      io.emit('said', text.slice(0, MAX_LENGTH));
    });
  });
  return io;
}

export const portOf = (io: Chat): number => (io.httpServer.address() as AddressInfo).port;

if (require.main === module) {
  const io = createChat(Number(process.env.PORT ?? 3000));
  io.httpServer.once('listening', () => console.log(`http://localhost:${portOf(io)}`));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => io.close({ drain: 1000 }));
}
