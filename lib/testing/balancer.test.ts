import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { BALANCERS, type Balancer, startBalancer } from './balancer.ts'
import { freePort } from './free-port.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function answerer(name: string, answer: (response: http.ServerResponse) => void = (r) => r.end(name)) {
  const bodies: string[] = []
  const server = http.createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    bodies.push(body)
    answer(response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  open.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, bodies }
}

async function balance(ports: number[], kind: Balancer['kind']): Promise<Balancer> {
  const balancer = await startBalancer(ports, kind)
  open.push(balancer.stop)
  return balancer
}

describe.each(BALANCERS)('the balancer for tests (%s)', (kind) => {
  it('takes turns, and passes over who is not there with the whole request', async () => {
    const [one, two] = [await answerer('one'), await answerer('two')]
    const { url } = await balance([one.port, await freePort(), two.port], kind)
    const said = []
    for (let turn = 0; turn < 6; turn++) {
      const response = await fetch(url, { method: 'POST', body: `body ${turn}` })
      said.push(await response.text())
    }
    expect(new Set(said)).toEqual(new Set(['one', 'two']))
    expect([...one.bodies, ...two.bodies].sort()).toEqual([0, 1, 2, 3, 4, 5].map((turn) => `body ${turn}`))
  })

  it('never sends twice what one may have carried out', async () => {
    const dying = await answerer('dying', (response) => response.destroy())
    const other = await answerer('other')
    const { url } = await balance([dying.port, other.port], kind)
    const statuses = []
    for (let turn = 0; turn < 2; turn++) statuses.push((await fetch(url, { method: 'POST', body: 'once' })).status)
    expect(statuses.sort()).toEqual([200, 502])
    expect([dying.bodies, other.bodies]).toEqual([['once'], ['once']])
  })
})
