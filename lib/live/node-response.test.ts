import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { LiveChange } from './change.ts'
import { nodeResponse, rememberResponses } from './node-response.ts'
import { liveStream, SSE_HEADERS } from './sse.ts'

const listeners = new Set<(change: LiveChange) => void>()
/** Chunks that went through the web stream of an answer. */
const streamed: string[] = []
let ended = 0
/** Done when a stream is made and nothing of it is sent yet. */
let beforeHead = () => {}
let forget: () => void

/** Answers as the framework does: after a while, from a web stream, the head with its first chunk. */
async function answer(request: IncomingMessage, response: ServerResponse) {
  await turn()
  if (request.url === '/other') return void response.end(String(nodeResponse() === null))
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const stream = liveStream({
    hub: {
      subscribe(_, listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      isListening: () => true,
      watchListening: () => () => {},
    },
    answering: { outage: () => null, watch: () => () => {} },
    environment: request.url!,
    response: nodeResponse(),
    signal: gone.signal,
    mayContinue: async () => true,
    now: () => new Date(),
    onEnd: () => ended++,
  })
  const sink = new WritableStream<Uint8Array>({
    write(chunk) {
      if (!response.headersSent) response.writeHead(200, SSE_HEADERS).flushHeaders()
      streamed.push(Buffer.from(chunk).toString())
      response.write(chunk)
    },
    close: () => void response.end(),
  })
  beforeHead()
  await stream.pipeTo(sink, { signal: gone.signal }).catch(() => {})
}

const server = createServer(answer)
const sockets: Socket[] = []
beforeAll(async () => {
  forget = rememberResponses('/live')
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  forget()
  server.close()
})
beforeEach(() => {
  streamed.length = 0
  ended = 0
  beforeHead = () => {}
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await vi.waitFor(() => expect(listeners.size).toBe(0))
})

async function open(url: string) {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  sockets.push(socket)
  const reader = { socket, text: '' }
  socket.on('data', (chunk) => {
    reader.text += chunk
  })
  socket.on('error', () => {})
  socket.write(`GET ${url} HTTP/1.1\r\nHost: here\r\n\r\n`)
  await vi.waitFor(() => expect(reader.text).not.toBe(''))
  return reader
}

function tell(ticket: string) {
  const change = {
    environment: 'local',
    tickets: [ticket],
    matches: [],
    sessions: [],
    demo: false,
    environments: false,
  }
  for (const listener of [...listeners]) listener(change)
}

it('begins through the stream and goes on past it, in order, each browser its own', async () => {
  const readers = await Promise.all([open('/live?1'), open('/live?2')])
  tell('t-1')
  tell('t-2')
  for (const reader of readers) {
    await vi.waitFor(() => expect(reader.text).toContain('t-2'))
    expect(reader.text).toMatch(/^HTTP\/1\.1 200 OK[\s\S]+event: ready[\s\S]+"t-1"[\s\S]+"t-2"/)
    expect(reader.text.match(/event: change/g)).toHaveLength(2)
  }
  expect(streamed).toHaveLength(2)
  expect(streamed.join()).not.toContain('change')
})

it('keeps what is told before the head is sent', async () => {
  beforeHead = () => tell('early')
  const reader = await open('/live')
  tell('later')
  await vi.waitFor(() => expect(reader.text).toContain('later'))
  expect(reader.text).toMatch(/event: ready[\s\S]+"early"[\s\S]+"later"/)
})

it('is over when the browser goes away', async () => {
  const { socket } = await open('/live')
  socket.destroy()
  await vi.waitFor(() => expect([ended, listeners.size]).toEqual([1, 0]))
  tell('nobody')
})

it('cuts a browser that does not read, and nobody else', async () => {
  const stalled = await open('/live?stalled')
  const reading = await open('/live?reading')
  stalled.socket.pause()
  const long = 'x'.repeat(50_000)
  let told = 0
  // What the system takes for a socket is some megabytes; one more and it must be over.
  for (; ended === 0 && told < 2_000; told++) {
    tell(`${long}-${told}`)
    await turn()
  }
  expect([ended, listeners.size]).toEqual([1, 1])
  tell('last')
  await vi.waitFor(() => expect(reading.text).toContain('"last"'))
  const closed = once(stalled.socket, 'close')
  stalled.socket.resume()
  await Promise.race([closed, sleep(5_000).then(() => Promise.reject(new Error('It was not cut.')))])
  expect(stalled.text).not.toContain('"last"')
})

it('knows nothing of answers that nobody asked about', async () => {
  const other = await open('/other')
  expect(other.text).toMatch(/true$/)
})
