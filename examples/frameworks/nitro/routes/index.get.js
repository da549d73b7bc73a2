export default defineEventHandler((event) => ({ clients: event.node.req.io.engine.clientsCount }));
