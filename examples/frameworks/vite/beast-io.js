/** A plugin for Vite: sockets on the server of `vite` and `vite preview`, beside Vite's own WebSocket. */
import { Server } from 'beast.io';

/** @param {(io: Server) => void} serve adds the handlers */
export function beastIo(serve) {
  let io;
  const attach = ({ httpServer }) => {
    // Vite has no server in middleware mode.
    if (httpServer === null) return;
    io = new Server(httpServer);
    serve(io);
  };
  return {
    name: 'beast.io',
    apply: (config, { command, isPreview }) => command === 'serve' || isPreview,
    configureServer: attach,
    configurePreviewServer: attach,
    /** Vite ends its server itself, also when it starts anew with another configuration. */
    closeBundle() {
      io?.disconnectSockets(true);
    },
  };
}
