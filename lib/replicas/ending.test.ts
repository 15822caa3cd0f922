import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { endInOrder, watchConnections } from './ending.ts'

const agents: http.Agent[] = []
afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy()
})

/** Watched before it takes its first request, as the web process is. `answerMs`: how long each answer takes. */
async function aServer(answerMs: number) {
  const connections = watchConnections()
  const server = http.createServer(async (_, response) => {
    await sleep(answerMs)
    response.end('answered')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { connections, port }
}

/** Over a connection that is kept; resolves with the answer and whether it was the connection's last. */
function ask(port: number, agent: http.Agent): Promise<{ body: string; isLast: boolean }> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, agent }, async (response) => {
        let body = ''
        for await (const chunk of response) body += chunk
        resolve({ body, isLast: response.headers.connection === 'close' })
      })
      .on('error', reject)
  })
}

function anAgent(): http.Agent {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  agents.push(agent)
  return agent
}

it('answers what has begun, says that it was the last, and ends', async () => {
  const { connections, port } = await aServer(100)
  const [busy, idle] = [anAgent(), anAgent()]
  await ask(port, idle)
  const begun = ask(port, busy)
  await sleep(50)
  const asked = performance.now()
  const codes: number[] = []
  await endInOrder(connections, [], (code) => codes.push(code))
  expect(performance.now() - asked).toBeLessThan(1_000)
  expect(codes).toEqual([0])
  expect(await begun).toEqual({ body: 'answered', isLast: true })
  await expect(ask(port, anAgent())).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

it('ends under a load that never ends, and loses no request on a connection that is kept', async () => {
  const { connections, port } = await aServer(1)
  let answered = 0
  const asking = async (pauseMs: number): Promise<unknown> => {
    const agent = anAgent()
    for (;;) {
      try {
        await ask(port, agent)
      } catch (error) {
        return error
      }
      answered++
      await sleep(pauseMs)
    }
  }
  const load = Array.from({ length: 20 }, (_, index) => asking(index))
  await expect.poll(() => answered).toBeGreaterThan(100)
  const asked = performance.now()
  await endInOrder(connections, [], () => {})
  expect(performance.now() - asked).toBeLessThan(1_000)
  // Refused, or reset where it was still in the listener's queue: either way before anything was asked.
  for (const failure of await Promise.all(load)) expect(failure).toMatchObject({ syscall: 'connect' })
})

it('waits for what runs beside answering, and for nobody longer than 2 s', async () => {
  const { connections } = await aServer(0)
  let isStopped = false
  await endInOrder(
    connections,
    [
      async () => {
        await sleep(50)
        isStopped = true
      },
    ],
    () => expect(isStopped).toBe(true),
  )
  const asked = performance.now()
  await endInOrder(connections, [() => new Promise(() => {})], () => {})
  expect(performance.now() - asked).toBeLessThan(2_500)
})
