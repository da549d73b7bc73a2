/** A plugin for Vite: sockets on the server of `vite` and `vite preview`, beside Vite's own WebSocket. */
import { Server } from 'beast.io';

/** @param {(io: Server) => void} serve adds the handlers */
export function beastIo(serve) {
  const attach = ({ httpServer }) => {
    // Vite has no server in middleware mode.
    if (httpServer !== null) serve(new Server(httpServer));
  };
  return {
    name: 'beast.io',
    apply: 'serve', // not while it builds
    configureServer: attach,
    configurePreviewServer: attach,
  };
}
