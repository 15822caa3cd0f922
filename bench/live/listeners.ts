/** A child process that listens to many streams at once and counts the changes that come. */
import { connect } from 'node:net'

export interface Listen {
  port: number
  path: string
  /** One stream for each, as its Cookie header. */
  cookies: readonly string[]
}
export interface Heard {
  open: number
  deliveries: number
}

const EVENT = Buffer.from('event: change')
let open = 0
let deliveries = 0

process.once('disconnect', () => process.exit(0))
process.on('message', (message: Listen | 'count') => {
  if (message === 'count') process.send?.({ open, deliveries } satisfies Heard)
  else for (const cookie of message.cookies) listen(message, cookie)
})

function listen({ port, path }: Listen, cookie: string): void {
  const socket = connect(port, '127.0.0.1')
  let answered = false
  socket.on('error', () => {})
  socket.on('connect', () =>
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: text/event-stream\r\nCookie: ${cookie}\r\n\r\n`,
    ),
  )
  socket.on('data', (chunk: Buffer) => {
    if (!answered && chunk.toString('latin1', 0, 12) === 'HTTP/1.1 200') open++
    answered = true
    // One event is far below what a socket takes at once, so none is cut in two.
    for (let at = chunk.indexOf(EVENT); at >= 0; at = chunk.indexOf(EVENT, at + EVENT.length)) deliveries++
  })
  socket.on('close', () => answered && open--)
}
