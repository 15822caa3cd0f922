import { Server, type ServerOptions } from 'node:http'
import type { Socket } from 'node:net'
import { type PlainRequest, readPlainRequest } from './plain-request.ts'

/** What clients are told. An idle connection is kept a little longer, so that no request meets its end halfway. */
const KEEP_ALIVE_MS = 60_000
const GRACE_MS = 5_000
const IDLE_MS = KEEP_ALIVE_MS + GRACE_MS
const FIRST_REQUEST_MS = 10_000

/** A whole HTTP response but for the headers of the connection, which the lane adds. Text is ASCII or will be UTF-8. */
export interface PlainAnswer {
  /** `HTTP/1.1 200 OK` */
  statusLine: string
  /** Each line with its end. Content-Length is not among them. */
  headerLines: string
  body: string
}

/**
 * An HTTP server that answers plain requests straight from and to the socket, which takes half of what Node's HTTP
 * machinery would. A connection leaves the lane for good, with all its bytes, as soon as they are anything but exactly one
 * plain request: from then on Node reads it, and there is only one reading of HTTP to trust.
 */
export class FastLaneServer extends Server {
  readonly #answer: (request: PlainRequest) => Promise<PlainAnswer>
  readonly #lane = new Set<LaneConnection>()

  /** `answer` must not reject. */
  constructor(options: ServerOptions, answer: (request: PlainRequest) => Promise<PlainAnswer>) {
    super({ ...options, keepAliveTimeout: KEEP_ALIVE_MS, keepAliveTimeoutBuffer: GRACE_MS })
    this.#answer = answer
    const ordinary = this.listeners('connection')
    this.removeAllListeners('connection')
    this.on('connection', (socket: Socket) => {
      const connection = new LaneConnection(socket, {
        answer: this.#answer,
        isClosing: () => !this.listening,
        leave: () => {
          this.#lane.delete(connection)
          for (const listener of ordinary) listener.call(this, socket)
        },
      })
      this.#lane.add(connection)
      socket.once('close', () => this.#lane.delete(connection))
    })
  }

  override closeIdleConnections(): void {
    super.closeIdleConnections()
    for (const connection of this.#lane) connection.closeIfIdle()
  }

  override closeAllConnections(): void {
    super.closeAllConnections()
    for (const connection of this.#lane) connection.close()
  }
}

interface Lane {
  answer(request: PlainRequest): Promise<PlainAnswer>
  isClosing(): boolean
  /** Gives the socket to the HTTP server. */
  leave(): void
}

class LaneConnection {
  readonly #socket: Socket
  readonly #lane: Lane
  #busy = false
  #ended = false
  /** What came before its turn. */
  #early: Buffer | null = null
  readonly #listeners = {
    data: (chunk: Buffer) => this.#receive(chunk),
    end: () => this.#end(),
    timeout: () => this.closeIfIdle(),
    error: () => {}, // 'close' follows
  }

  constructor(socket: Socket, lane: Lane) {
    this.#socket = socket
    this.#lane = lane
    for (const [event, listener] of Object.entries(this.#listeners)) socket.on(event, listener)
    socket.setTimeout(FIRST_REQUEST_MS)
  }

  closeIfIdle(): void {
    if (!this.#busy) this.#socket.destroy()
  }
  close(): void {
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    if (this.#busy) {
      this.#socket.pause()
      this.#early = this.#early ? Buffer.concat([this.#early, chunk]) : chunk
      return
    }
    const request = readPlainRequest(chunk)
    if (request) {
      this.#busy = true
      void this.#lane.answer(request).then((answer) => this.#send(answer))
    } else {
      this.#leave(chunk)
    }
  }

  #end(): void {
    this.#ended = true
    if (!this.#busy) this.#socket.end()
  }

  #leave(chunk: Buffer): void {
    const socket = this.#socket
    for (const [event, listener] of Object.entries(this.#listeners)) socket.off(event, listener)
    socket.setTimeout(0)
    socket.pause()
    socket.unshift(chunk)
    this.#lane.leave()
    process.nextTick(() => socket.resume())
  }

  #send({ statusLine, headerLines, body }: PlainAnswer): void {
    const socket = this.#socket
    if (socket.destroyed) return
    const isLast = this.#ended || this.#lane.isClosing()
    const length = Buffer.byteLength(body)
    const text = `${statusLine}\r\n${headerLines}content-length: ${length}\r\n${dateLine()}${isLast ? CLOSE : KEEP_ALIVE}\r\n${body}`
    const hasRoom = socket.write(text, length === body.length ? 'latin1' : 'utf8')
    if (isLast) socket.end()
    else if (hasRoom) this.#next()
    else socket.once('drain', () => this.#next()) // busy until the client reads what it asked for
  }

  #next(): void {
    this.#busy = false
    if (this.#early) {
      const chunk = this.#early
      this.#early = null
      this.#socket.resume()
      this.#receive(chunk)
    } else if (this.#ended) {
      this.#socket.end()
    } else if (this.#socket.timeout !== IDLE_MS) {
      this.#socket.setTimeout(IDLE_MS)
    }
  }
}

const CLOSE = 'Connection: close\r\n'
const KEEP_ALIVE = `Connection: keep-alive\r\nKeep-Alive: timeout=${KEEP_ALIVE_MS / 1_000}\r\n`

let lastSecond = 0
let lastDateLine = ''
function dateLine(): string {
  const second = Math.floor(Date.now() / 1_000)
  if (second !== lastSecond) {
    lastSecond = second
    lastDateLine = `Date: ${new Date(second * 1_000).toUTCString()}\r\n`
  }
  return lastDateLine
}
