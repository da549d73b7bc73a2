/** What adapters and parsers are typed with, and the operator that broadcasts are made with. */
import { type BroadcastOperator, type Namespace, Server } from 'socket.io';
import { Adapter, type BroadcastOptions, SessionAwareAdapter } from 'socket.io-adapter';
import { Decoder, Encoder } from 'socket.io-parser';

interface Events {
  news: (text: string) => void;
  ask: (a: string, ack: (answer: number) => void) => void;
}

class Logging extends Adapter {
  override addAll(id: string, rooms: Set<string>) {
    return super.addAll(id, rooms);
  }
  override broadcast(packet: any, opts: BroadcastOptions) {
    const probeNsp = this.nsp;
    const probeRooms = this.rooms;
    super.broadcast(packet, opts);
    super.broadcast(packet);
  }
}
class Other {
  constructor(readonly nsp: Namespace) {}
}

new Server({ adapter: Logging });
new Server({ adapter: SessionAwareAdapter });
new Server({ adapter: (nsp) => new Logging(nsp) });
new Server({ adapter: (nsp: Namespace) => new Logging(nsp) });
new Server({ adapter: Other });
new Server({ adapter: new Logging({}) });
new Server({ parser: { Encoder, Decoder } });
const io = new Server<Events, Events>();
const probeSetAdapter = io.adapter(Logging);
io.adapter(Other);
const probeAdapter = io.of('/').adapter;
io.of('/').adapter.on('join-room', (room, id) => {
  const probeRoom = room;
});
const probeHas = io.sockets.adapter.rooms.get('x')?.has('y');
io.sockets.adapter.sids.get(1);

const operator: BroadcastOperator<Events, any> = io.to('a');
const probeOperator = io.to('a').except('b');
const probeOperatorTimeout = io.to('a').timeout(1);
const probeOperatorVolatile = io.to('a').volatile;
const probeOperatorLocal = io.local;
const probeOperatorCompress = io.compress(true);
const probeOperatorEmit = io.to('a').emit('news', 'x');
operator.emit('news', 1);
operator.emit('ask', 'a', (answers) => {
  const probeAnswers = answers;
});
operator.to('x').emit('nope');
operator.adapter;
operator.rooms;
operator.on('news', () => {});
const anyOperator: BroadcastOperator<any, any> = io.to('a');
anyOperator.emit('whatever', 1, 2);
anyOperator.timeout(1).emit('whatever', (err: any, values: any) => values);
async function ask() {
  const probeAsk = await io.to('a').timeout(1).emitWithAck('ask', 'x');
  const probeAny = await anyOperator.emitWithAck('whatever', 1);
  await operator.emitWithAck('ask', 'x');
  await operator.timeout(1).emitWithAck('news', 'x');
}
