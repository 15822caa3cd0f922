import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { Refusal } from '#lib/engine/core/contract.ts'
import type { Shell } from '#lib/engine/shell.ts'
import { createWireServer } from '#lib/engine/wire/server.ts'
import { labRoutes } from './routes.ts'

const RULE_SET = JSON.stringify({
  ruleLanguageVersion: '1.0',
  teams: [{ name: 'a', minPlayers: 2, maxPlayers: 4 }],
  expansions: [{ target: 'teams[a].maxPlayers', steps: [{ waitTimeSeconds: 30, value: 6 }] }],
})

/** Linting asks nothing of the running engine, so any use of the shell fails here. */
const nothing = new Proxy({}, { get: () => expect.unreachable('linting must not touch the engine') }) as Shell

async function lint(body: unknown): Promise<unknown> {
  const route = labRoutes(nothing).find(({ method, path }) => method === 'POST' && path === '/lab/lint-rule-set')
  return (await route?.answer(body))?.body
}

describe('linting a rule set', () => {
  it('answers the warnings, in the light of the configuration when one is given', async () => {
    expect(await lint({ ruleSetBody: RULE_SET })).toEqual({ warnings: [] })
    expect(await lint({ ruleSetBody: RULE_SET, configuration: { requestTimeoutSeconds: 30 } })).toEqual({
      warnings: [
        {
          path: 'expansions[0].steps[0].waitTimeSeconds',
          code: 'expansion-after-timeout',
          message: expect.stringContaining('30 s'),
        },
      ],
    })
  })

  it('answers what follows from the tickets that are sent', async () => {
    const ruleSetBody = JSON.stringify({
      ruleLanguageVersion: '1.0',
      playerAttributes: [
        { name: 'skill', type: 'number' },
        { name: 'Skill', type: 'number' },
      ],
      teams: [{ name: 'a', minPlayers: 2, maxPlayers: 4 }],
      rules: [
        { name: 'near', type: 'latency', maxLatency: 50 },
        { name: 'even', type: 'batchDistance', batchAttribute: 'skill', maxDistance: 5 },
        { name: 'fair', type: 'batchDistance', batchAttribute: 'Skill', maxDistance: 5 },
      ],
    })
    const codes = async (tickets: object) => {
      const { warnings } = (await lint({ ruleSetBody, tickets })) as { warnings: { code: string; path: string }[] }
      return warnings.map(({ code, path }) => `${code} ${path}`)
    }
    expect(await codes({})).toEqual([])
    expect(await codes({ sentAttributes: ['skill', 'Skill'], largestParty: 4, latencySent: true })).toEqual([])
    expect(await codes({ sentAttributes: ['skill'] })).toEqual(['attribute-never-sent playerAttributes[1]'])
    expect(await codes({ largestParty: 5 })).toEqual(['party-too-large teams'])
    expect(await codes({ latencySent: false })).toEqual(['latency-without-data rules[0]'])
  })

  it.each([
    ['a body that is no object', [], 'The body must be an object.'],
    ['no rule set', {}, 'ruleSetBody must be a string, the JSON text of a rule set.'],
    [
      'an unknown member',
      { ruleSetBody: RULE_SET, timeout: 3 },
      'The body has no "timeout"; it takes ruleSetBody, configuration, tickets.',
    ],
    [
      'a wrong timeout',
      { ruleSetBody: RULE_SET, configuration: { requestTimeoutSeconds: 'x' } },
      'configuration.requestTimeoutSeconds must be an integer of at least 1.',
    ],
    [
      'attributes that are no list of names',
      { ruleSetBody: RULE_SET, tickets: { sentAttributes: ['skill', 1] } },
      'tickets.sentAttributes must be a list of attribute names.',
    ],
    [
      'a party of nobody',
      { ruleSetBody: RULE_SET, tickets: { largestParty: 0 } },
      'tickets.largestParty must be an integer of at least 1.',
    ],
    [
      'a wrong word about latency',
      { ruleSetBody: RULE_SET, tickets: { latencySent: 'no' } },
      'tickets.latencySent must be true or false.',
    ],
    ['a wrong configuration', { ruleSetBody: RULE_SET, configuration: null }, 'configuration must be an object.'],
  ])('refuses %s', async (_name, body, message) => {
    await expect(lint(body)).rejects.toEqual(new Refusal('InvalidRequestException', message))
  })

  it('refuses a rule set that is not legal with every reason', async () => {
    const ruleSetBody = RULE_SET.replace('"minPlayers":2', '"minPlayers":5')
    await expect(lint({ ruleSetBody })).rejects.toThrow(
      /^The rule set body is not valid\. teams\[0\]\.minPlayers: is 5, more than maxPlayers/,
    )
  })

  it('is answered over HTTP, and not to a web page', async () => {
    const execute = () => expect.unreachable('a lab path is no operation')
    const server = createWireServer({ boundTo: '127.0.0.1', execute, routes: labRoutes(nothing) })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/lab/lint-rule-set`
    const post = (type: string, ruleSetBody: string) =>
      fetch(url, { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify({ ruleSetBody }) })
    const answer = await post('application/json', RULE_SET)
    expect([answer.status, await answer.json()]).toEqual([200, { warnings: [] }])
    const refused = await post('application/json', '{')
    expect([refused.status, await refused.json()]).toMatchObject([400, { __type: 'InvalidRequestException' }])
    expect((await post('text/plain', RULE_SET)).status).toBe(415)
    server.close()
    server.closeAllConnections()
  })
})
