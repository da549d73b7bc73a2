/** A route speaks to the sockets. */
export async function POST(request) {
  globalThis.io.emit('said', request.nextUrl.searchParams.get('text'));
  return new Response(null, { status: 204 });
}
