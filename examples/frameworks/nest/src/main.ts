/** NestJS: a controller and a gateway on one port. PORT, or 3000. */
import 'reflect-metadata';
import { Controller, Get, HttpCode, Module, Post, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
} from '@nestjs/websockets';
import type { Server, Socket } from 'socket.io'; // which is beast.io: see package.json

@WebSocketGateway()
class ChatGateway {
  @WebSocketServer() readonly io!: Server;

  @SubscribeMessage('say')
  say(@MessageBody() text: unknown, @ConnectedSocket() socket: Socket) {
    if (typeof text !== 'string') return 'refused';
    socket.broadcast.emit('said', text);
    return 'said';
  }
}

@Controller()
class AppController {
  constructor(private readonly chat: ChatGateway) {}

  @Get()
  clients() {
    return { clients: this.chat.io.engine.clientsCount };
  }

  @Post('announce')
  @HttpCode(204)
  announce(@Query('text') text: string) {
    this.chat.io.emit('said', text);
  }
}

@Module({ controllers: [AppController], providers: [ChatGateway] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
app.enableShutdownHooks([], { useProcessExit: true });
await app.listen(process.env.PORT ?? 3000);
console.log(`http://localhost:${app.getHttpServer().address().port}`);
