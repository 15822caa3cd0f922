/** A stream on which nothing happens. */
export function GET(request) {
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(': open\n\n'))
      request.signal.addEventListener('abort', () => controller.close())
    },
  })
  return new Response(stream, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-transform' } })
}
