import { defineConfig } from 'vite';
import { beastIo } from './beast-io.js';

export default defineConfig({
  plugins: [
    beastIo((io) => {
      io.on('connection', (socket) => {
        socket.on('say', (text, answer) => {
          // Clients may send anything.
          if (typeof text !== 'string' || typeof answer !== 'function') return;
          socket.broadcast.emit('said', text);
          answer('said');
        });
      });
    }),
  ],
});
