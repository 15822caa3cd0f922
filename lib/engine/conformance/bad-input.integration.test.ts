/** Broken and hostile requests against the real process: each gets a typed 4xx, nothing is written, the process lives. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { startTestEngine, type TestEngine } from '#lib/engine/testing/start-test-engine.ts'
import { sdkClient } from './sdk-client.ts'

const database = testDatabase()
let engine: TestEngine

beforeAll(async () => {
  engine = await startTestEngine({ databaseUrl: database.url })
  const client = sdkClient(engine.endpoint)
  const RuleSetBody = JSON.stringify({
    name: 'duel',
    ruleLanguageVersion: '1.0',
    teams: [{ name: 'players', minPlayers: 2, maxPlayers: 2 }],
  })
  await client.call('CreateMatchmakingRuleSet', { Name: 'duel', RuleSetBody })
  await client.call('CreateMatchmakingConfiguration', {
    Name: 'duel',
    RuleSetName: 'duel',
    RequestTimeoutSeconds: 600,
    AcceptanceRequired: false,
    FlexMatchMode: 'STANDALONE',
  })
  await client.close()
})
afterAll(async () => {
  expect(await engine?.stop()).toBe(0) // it has lived through all of this
})

async function post(operation: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(engine.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `GameLift.${operation}`,
      ...headers,
    },
    body,
  })
  return { status: response.status, body: (await response.json()) as { __type: string; Message: string } }
}
/** Everything a caller could have changed, as the engine itself tells it. */
const state = () =>
  Promise.all([
    post('DescribeMatchmakingConfigurations', '{}'),
    post('DescribeMatchmakingRuleSets', '{}'),
    post('DescribeGameSessionQueues', '{}'),
    database.db.query('select count(*)::int as events from engine.events').then(({ rows }) => rows),
  ])

const player = (json: string) => `{"ConfigurationName":"duel","Players":[${json}]}`
const attributes = (json: string) => player(`{"PlayerId":"p","PlayerAttributes":${json}}`)

it.each([
  ['malformed JSON', 'StartMatchmaking', '{"Players":', 'SerializationException'],
  ['a list for a request', 'StartMatchmaking', '[]', 'SerializationException'],
  ['a text for a request', 'StartMatchmaking', '"x"', 'SerializationException'],
  ['NUL in a player id', 'StartMatchmaking', player('{"PlayerId":"a\\u0000b"}'), 'SerializationException'],
  ['NUL in an attribute name', 'StartMatchmaking', attributes('{"a\\u0000":{"N":1}}'), 'SerializationException'],
  ['half a surrogate pair in a ticket id', 'StopMatchmaking', '{"TicketId":"\\ud800"}', 'SerializationException'],
  [
    'half a surrogate pair in an attribute',
    'StartMatchmaking',
    attributes('{"a":{"S":"\\udfff"}}'),
    'SerializationException',
  ],
  ['a number beyond double', 'StartMatchmaking', attributes('{"a":{"N":1e999}}'), 'SerializationException'],
  ['a number for a ticket id', 'StopMatchmaking', '{"TicketId":1}', 'SerializationException'],
  ['an empty request', 'StartMatchmaking', '{}', 'InvalidRequestException'],
  ['an attribute called __proto__', 'StartMatchmaking', attributes('{"__proto__":{"N":1}}'), 'InvalidRequestException'],
  ['an attribute without a value', 'StartMatchmaking', attributes('{"a":{}}'), 'InvalidRequestException'],
  ['an attribute with two values', 'StartMatchmaking', attributes('{"a":{"N":1,"S":"1"}}'), 'InvalidRequestException'],
  [
    'latency 0',
    'StartMatchmaking',
    player('{"PlayerId":"p","LatencyInMs":{"us-east-1":0}}'),
    'InvalidRequestException',
  ],
  ['the same player twice', 'StartMatchmaking', player('{"PlayerId":"p"},{"PlayerId":"p"}'), 'InvalidRequestException'],
  [
    'a rule set that is no JSON',
    'CreateMatchmakingRuleSet',
    '{"Name":"x","RuleSetBody":"nope"}',
    'InvalidRequestException',
  ],
  [
    'a deep rule set',
    'CreateMatchmakingRuleSet',
    JSON.stringify({ Name: 'x', RuleSetBody: '['.repeat(60_000) }),
    'InvalidRequestException',
  ],
  [
    'a rule set with prototype keys',
    'CreateMatchmakingRuleSet',
    JSON.stringify({ Name: 'x', RuleSetBody: '{"__proto__":{"teams":[]},"constructor":1}' }),
    'InvalidRequestException',
  ],
  [
    'a token it never gave',
    'DescribeMatchmakingConfigurations',
    '{"NextToken":"../../etc"}',
    'InvalidRequestException',
  ],
  ['eleven ids', 'DescribeMatchmaking', JSON.stringify({ TicketIds: Array(11).fill('t') }), 'InvalidRequestException'],
  ['no ids', 'DescribeMatchmaking', '{"TicketIds":[]}', 'InvalidRequestException'],
])('refuses %s', async (_, operation, body, type) => {
  const before = await state()
  const answer = await post(operation, body)
  expect(answer).toEqual({ status: 400, body: { __type: type, Message: expect.stringMatching(/\S/) } })
  expect(await state()).toEqual(before)
  expect((await fetch(`${engine.endpoint}/health`)).status).toBe(200)
})

it('takes the names every object inherits for what they are: names', async () => {
  const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype']
  const body = {
    TicketId: 'constructor',
    ConfigurationName: 'duel',
    Players: [{ PlayerId: '__proto__', PlayerAttributes: Object.fromEntries(names.map((name) => [name, { N: 1 }])) }],
    __proto__: { polluted: true },
  }
  expect((await post('StartMatchmaking', JSON.stringify(body))).status).toBe(200)
  const described = await post('DescribeMatchmaking', '{"TicketIds":["constructor","toString","__proto__"]}')
  expect(described.status).toBe(400) // __proto__ is no ticket id: underscores are not allowed
  const known = await post('DescribeMatchmaking', '{"TicketIds":["constructor","toString","valueOf"]}')
  const { TicketList } = known.body as unknown as { TicketList: { TicketId: string; Players: unknown[] }[] }
  expect(TicketList.map((ticket) => ticket.TicketId)).toEqual(['constructor'])
  expect(TicketList[0]?.Players).toEqual(body.Players)
  for (const operation of ['StopMatchmaking', 'AcceptMatch']) {
    const unknown = { TicketId: 'hasOwnProperty', PlayerIds: ['p'], AcceptanceType: 'ACCEPT' }
    expect((await post(operation, JSON.stringify(unknown))).body.__type).toBe('NotFoundException')
  }
  expect((await post('StartMatchmaking', player('{"PlayerId":"q"}').replace('duel', 'constructor'))).body.__type).toBe(
    'NotFoundException',
  )
})

it('echoes any character a player id may have, after a restart too', async () => {
  const PlayerId = 'naïve 🏁 \u202e‮ "quoted" \\ \n\t \u2028 \ufffd'
  await post(
    'StartMatchmaking',
    JSON.stringify({ TicketId: 'odd', ConfigurationName: 'duel', Players: [{ PlayerId }] }),
  )
  const described = await post('DescribeMatchmaking', '{"TicketIds":["odd"]}')
  expect((described.body as unknown as { TicketList: { Players: unknown[] }[] }).TicketList[0]?.Players).toEqual([
    { PlayerId },
  ])
  await engine.kill()
  engine = await startTestEngine({ databaseUrl: database.url })
  expect(await post('DescribeMatchmaking', '{"TicketIds":["odd"]}')).toMatchObject({
    body: { TicketList: [{ Players: [{ PlayerId }] }] },
  })
})
