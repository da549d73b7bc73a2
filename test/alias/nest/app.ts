/**
 * A NestJS application: a controller and two gateways on one port, one of them in another namespace. Its
 * platform package depends on an exact version of socket.io, which is overridden.
 */
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
  WsException,
} from '@nestjs/websockets';
import { from, map } from 'rxjs';
import type { Namespace, Server, Socket } from 'socket.io';

const seen: string[] = [];

@WebSocketGateway({ cors: { origin: '*' } })
class EventsGateway implements OnGatewayConnection, OnGatewayDisconnect {
  @WebSocketServer() declare server: Server;

  handleConnection(client: Socket) {
    seen.push(`connect ${client.handshake.auth.name}`);
  }

  handleDisconnect(client: Socket) {
    seen.push(`disconnect ${client.handshake.auth.name}`);
  }

  @SubscribeMessage('identity')
  identity(@MessageBody() value: number) {
    return value;
  }

  @SubscribeMessage('numbers')
  numbers() {
    return from([1, 2, 3]).pipe(map((data) => ({ event: 'numbers', data })));
  }

  @SubscribeMessage('join')
  async join(@MessageBody() room: string, @ConnectedSocket() client: Socket) {
    await client.join(room);
    this.server.to(room).emit('joined', room);
    return [...client.rooms].length;
  }

  @SubscribeMessage('fail')
  fail() {
    throw new WsException('as asked');
  }
}

@WebSocketGateway({ namespace: 'chat' })
class ChatGateway {
  @WebSocketServer() declare namespace: Namespace;

  @SubscribeMessage('say')
  say(@MessageBody() text: string) {
    this.namespace.emit('said', text);
  }
}

@Controller()
class SeenController {
  @Get('seen')
  get() {
    return seen;
  }
}

@Module({ controllers: [SeenController], providers: [EventsGateway, ChatGateway] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error'] });
app.useWebSocketAdapter(new IoAdapter(app));
await app.listen(0, '127.0.0.1');
console.log(JSON.stringify({ port: app.getHttpServer().address().port }));
process.stdin.on('end', () => app.close()).resume();
process.on('exit', () => console.log(JSON.stringify(seen)));
