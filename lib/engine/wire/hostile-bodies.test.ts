/** Bodies that are made to break their reader: each gets an error of GameLift's, soon, and the next call an answer. */
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SHAPES } from '#lib/web/corpora/json-shapes.ts'
import { createWireServer } from './server.ts'

const server = createWireServer({
  boundTo: '127.0.0.1',
  execute: async () => ({ TicketList: [] }),
  routes: [{ method: 'POST', path: '/lab/clock', answer: async () => ({ status: 200, body: {} }) }],
})
let at = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close().closeAllConnections())

const call = (body: string, path = '/', type = 'application/x-amz-json-1.1') =>
  fetch(`${at}${path}`, {
    method: 'POST',
    headers: { 'content-type': type, 'x-amz-target': 'GameLift.DescribeMatchmaking' },
    body,
  })

it.each(SHAPES.map(({ name, make }) => [name, make] as const))(
  'is answered soon and in the words of the wire: %s',
  async (_, make) => {
    const body = make()
    const answers = [
      { body, path: '/', type: 'application/x-amz-json-1.1' },
      { body: `{"TicketIds":${body}}`, path: '/', type: 'application/x-amz-json-1.1' },
      { body, path: '/lab/clock', type: 'application/json' },
    ]
    for (const each of answers) {
      const began = performance.now()
      const answer = await call(each.body, each.path, each.type)
      expect(performance.now() - began).toBeLessThan(250)
      expect(answer.status).toBeLessThan(500)
      if (answer.status !== 200)
        expect(await answer.json()).toMatchObject({ __type: expect.stringMatching(/Exception$/) })
    }
    expect((await call('{"TicketIds":["t-1"]}')).status).toBe(200)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  },
)
