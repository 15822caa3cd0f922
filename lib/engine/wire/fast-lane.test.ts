import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Refusal } from '#lib/engine/core/contract.ts'
import { createWireServer } from './server.ts'

const execute = vi.fn<(operation: string, input: Record<string, unknown>) => Promise<Record<string, unknown>>>()
let server: ReturnType<typeof createWireServer>
let sockets: Socket[]
let machinery = 0

beforeEach(async () => {
  execute.mockReset()
  execute.mockImplementation(async (_, { TicketId }) => ({ TicketId, at: new Date(1_500) }))
  server = createWireServer({ boundTo: '127.0.0.1', execute, routes: [] })
  machinery = 0
  server.on('request', () => machinery++) // what Node's own machinery reads
  sockets = []
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  server.close()
})

function request(ticketId: string, given: { headers?: string; body?: string } = {}): string {
  const body = given.body ?? JSON.stringify({ TicketId: ticketId })
  return (
    `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-amz-json-1.1\r\n` +
    `X-Amz-Target: GameLift.StopMatchmaking\r\n${given.headers ?? ''}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  )
}
interface Line {
  socket: Socket
  received(): string
  /** Waits for so many answers in all. */
  answers(count: number): Promise<string[]>
}
function open(allowHalfOpen = false): Line {
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen })
  sockets.push(socket.setNoDelay(true))
  let received = ''
  socket.on('data', (chunk) => {
    received += chunk
  })
  socket.on('error', () => {})
  const all = () => received.split(/(?=HTTP\/1\.1 \d)/).filter(Boolean)
  return {
    socket,
    received: () => received,
    async answers(count) {
      await vi.waitFor(() => expect(all().filter((answer) => /\r\n\r\n[\s\S]*\}$/.test(answer))).toHaveLength(count))
      return all()
    },
  }
}
const withoutChance = (answer: string) =>
  answer
    .replace(/^(x-amzn-requestid|date): .*$/gim, '$1')
    .split('\r\n')
    .toSorted()
    .join('\r\n')

it('answers plain requests one after the other on one connection, without the HTTP machinery', async () => {
  const line = open()
  for (let turn = 1; turn <= 5; turn++) {
    line.socket.write(request(`t-${turn}`))
    expect((await line.answers(turn)).at(-1)).toMatch(
      new RegExp(`^HTTP/1.1 200 OK\r\n[\\s\\S]*{"TicketId":"t-${turn}","at":1.5}$`),
    )
  }
  expect(machinery).toBe(0)
})

it('answers as the HTTP machinery answers, byte for byte but for the order of headers', async () => {
  execute.mockImplementation(async (_, { TicketId }) => {
    if (TicketId === 'gone') throw new Refusal('NotFoundException', 'No such ticket: \u00e9\u{1f3ae}')
    return { TicketId, text: '\u00e9 \u{1f3ae}' }
  })
  const requests = [
    request('t-1'),
    request('gone'),
    request('a b'),
    request('', { body: '{"TicketId":' }),
    request('', { body: '[]' }),
    request('', { body: '' }),
    request('', { body: '['.repeat(40) }),
    request('', { body: '{"TicketId":"\\u0000"}' }),
    request('', { body: '{"TicketId":"\\ud800"}' }),
    request('t-1').replace('GameLift.StopMatchmaking', 'GameLift.Nope'),
    request('t-1').replace('GameLift.StopMatchmaking', 'GameLift.'),
    request('t-1').replace('GameLift.StopMatchmaking', 'DynamoDB.StopMatchmaking'),
    request('t-1').replace('Host: 127.0.0.1', 'Host: evil.example'),
  ]
  const [lane, ordinary] = [open(), open()]
  ordinary.socket.write('P') // not a whole request: this connection leaves the lane
  await sleep(20)
  for (const [index, text] of requests.entries()) {
    const before = machinery
    lane.socket.write(text)
    const ours = (await lane.answers(index + 1))[index] as string
    expect(machinery).toBe(before)
    ordinary.socket.write(index === 0 ? text.slice(1) : text)
    const theirs = (await ordinary.answers(index + 1))[index] as string
    expect(machinery).toBe(before + 1)
    expect(withoutChance(ours)).toBe(withoutChance(theirs))
  }
})

it('loses no byte and no order when requests come in pieces, together, or before their turn', async () => {
  let seed = 7
  const below = (limit: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((seed / 2 ** 32) * limit)
  }
  execute.mockImplementation(async (_, { TicketId }) => {
    if (below(2)) await sleep(below(4))
    return { TicketId }
  })
  for (let round = 0; round < 60; round++) {
    const line = open()
    const ids = Array.from({ length: 1 + below(6) }, (_, index) => `t-${round}-${index}`)
    const stream = Buffer.from(ids.map((id) => request(id)).join(''))
    for (let at = 0; at < stream.length; ) {
      const size = below(3) ? stream.length / ids.length : 1 + below(400)
      line.socket.write(stream.subarray(at, at + size))
      at += size
      if (below(2)) await sleep(below(3))
    }
    const answers = await line.answers(ids.length)
    expect(answers.map((answer) => /"TicketId":"([^"]+)"/.exec(answer)?.[1])).toEqual(ids)
    line.socket.destroy()
  }
}, 30_000)

it('answers a client that has already said it will send no more', async () => {
  execute.mockImplementation(async () => {
    await sleep(20)
    return {}
  })
  const line = open(true)
  line.socket.end(request('t-1'))
  await once(line.socket, 'end')
  expect(line.received()).toMatch(/^HTTP\/1.1 200 OK/)
})

it('gives the connection to the HTTP machinery for what is not plain, and keeps the answers in order', async () => {
  const line = open()
  line.socket.write(request('t-1'))
  await line.answers(1)
  line.socket.write(request('t-2', { headers: 'Expect: 100-continue\r\n' }))
  await vi.waitFor(() => expect(line.received()).toContain('"TicketId":"t-2"'))
  line.socket.write(request('t-3', { headers: 'Connection: close\r\n' }))
  await once(line.socket, 'close')
  expect(line.received().match(/HTTP\/1\.1 \d+/g)).toEqual([
    'HTTP/1.1 200',
    'HTTP/1.1 100',
    'HTTP/1.1 200',
    'HTTP/1.1 200',
  ])
  expect(machinery).toBe(2)
})

it('ends idle connections when it stops, and answers what is under way first', async () => {
  const answered = Promise.withResolvers<Record<string, unknown>>()
  execute.mockReturnValueOnce(Promise.resolve({})).mockReturnValueOnce(answered.promise)
  const [idle, busy] = [open(), open()]
  idle.socket.write(request('t-1'))
  await idle.answers(1)
  busy.socket.write(request('t-2'))
  await vi.waitFor(() => expect(execute).toHaveBeenCalledTimes(2))
  const [closed, idleClosed, busyClosed] = [server, idle.socket, busy.socket].map((one) => once(one, 'close'))
  server.close()
  await idleClosed
  answered.resolve({ TicketId: 't-2' })
  await busyClosed
  await closed
  expect(busy.received()).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*Connection: close\r\n[\s\S]*{"TicketId":"t-2"}$/)
})

it('cuts everything that is open when it is told to', async () => {
  execute.mockReturnValue(new Promise(() => {}))
  const line = open()
  line.socket.write(request('t-1'))
  await vi.waitFor(() => expect(execute).toHaveBeenCalledOnce())
  const closed = once(line.socket, 'close')
  server.closeAllConnections()
  await closed
})

it('reads no further requests from a client that does not read its answers', async () => {
  execute.mockImplementation(async () => ({ text: 'x'.repeat(8 * 1024 * 1024) }))
  const line = open()
  line.socket.pause()
  for (let turn = 0; turn < 20; turn++) {
    line.socket.write(request(`t-${turn}`))
    await sleep(5)
  }
  await sleep(50)
  expect(execute.mock.calls.length).toBeLessThan(5)
})
