/** A route speaks to the sockets. */
export default defineEventHandler((event) => {
  event.node.req.io.emit('said', getQuery(event).text);
  return sendNoContent(event);
});
