import { afterEach, expect, it } from 'vitest'
import { type LabEngine, startLabEngine } from './testing/lab-engine.ts'

const started: LabEngine[] = []
afterEach(async () => {
  for (const engine of started.splice(0)) await engine.stop()
})
async function start(): Promise<LabEngine> {
  const engine = await startLabEngine()
  started.push(engine)
  return engine
}

const RULE_SET = JSON.stringify({
  ruleLanguageVersion: '1.0',
  playerAttributes: [{ name: 'skill', type: 'number' }],
  teams: [{ name: 'players', minPlayers: 2, maxPlayers: 2 }],
  rules: [{ name: 'Near', type: 'batchDistance', batchAttribute: 'skill', maxDistance: 100 }],
  expansions: [{ target: 'rules[Near].maxDistance', steps: [{ waitTimeSeconds: 30, value: 150 }] }],
})

async function startTickets(engine: LabEngine, skills: Record<string, number>): Promise<void> {
  await engine.send('CreateMatchmakingRuleSet', { Name: 'duel', RuleSetBody: RULE_SET })
  await engine.send('CreateMatchmakingConfiguration', {
    Name: 'duel',
    RuleSetName: 'duel',
    RequestTimeoutSeconds: 600,
    AcceptanceRequired: false,
    FlexMatchMode: 'STANDALONE',
  })
  for (const [TicketId, N] of Object.entries(skills)) {
    const Players = [{ PlayerId: `${TicketId}-p`, PlayerAttributes: { skill: { N } } }]
    await engine.send('StartMatchmaking', { TicketId, ConfigurationName: 'duel', Players })
  }
}

it('tells what came closest and when an expansion makes a match, which then is made', async () => {
  const engine = await start()
  await engine.post('/lab/clock/pause', {})
  await startTickets(engine, { a: 100, b: 212 })
  await engine.post('/lab/clock/step', { ms: 5000 })
  const { position } = engine.shell
  const [status, body] = await engine.post('/lab/explain', { ticketId: 'a' })
  expect([status, body]).toMatchObject([
    200,
    {
      ticketId: 'a',
      status: 'SEARCHING',
      waitedSeconds: 5,
      sentence:
        'In 25 s the newest ticket of a match will be 30 s old, and rules[Near].maxDistance 100 → 150 makes a match possible with b, if all of them still wait.',
      verdict: { kind: 'later', inSeconds: 25 },
      weighed: { waitingTickets: 1, reasons: [{ ruleName: 'Near', refusedCount: 1 }] },
      nearestMiss: { ticketIds: ['b'], refusals: [{ measured: { value: 112, limit: 100, missBy: 12 } }] },
    },
  ])
  expect(engine.shell.position).toBe(position)
  await engine.post('/lab/clock/step', { ms: 24_999 })
  expect((await engine.post('/lab/explain', { ticketId: 'a' }))[1]).toMatchObject({ status: 'SEARCHING' })
  await engine.post('/lab/clock/step', { ms: 1_001 })
  expect((await engine.post('/lab/explain', { ticketId: 'a' }))[1]).toMatchObject({
    status: 'COMPLETED',
    verdict: { kind: 'not-searching' },
  })
})

it('weighs as many tickets as it is asked to', async () => {
  const engine = await start()
  await engine.post('/lab/clock/pause', {})
  await startTickets(engine, { a: 100, b: 1000, c: 2000, d: 3000 })
  await engine.post('/lab/clock/step', { ms: 5000 })
  expect((await engine.post('/lab/explain', { ticketId: 'a', weighedTickets: 2 }))[1]).toMatchObject({
    weighed: { waitingTickets: 3, consideredTickets: 2, cut: true },
    verdict: { kind: 'waiting', certain: false },
  })
  expect((await engine.post('/lab/explain', { ticketId: 'a' }))[1]).toMatchObject({
    weighed: { waitingTickets: 3, consideredTickets: 3, cut: false },
    verdict: { kind: 'waiting', certain: true },
  })
})

it('refuses a ticket that nobody knows, and a body of another form', async () => {
  const engine = await start()
  expect(await engine.post('/lab/explain', { ticketId: 'nobody' })).toMatchObject([
    400,
    { __type: 'NotFoundException', Message: 'Matchmaking ticket nobody does not exist.' },
  ])
  expect(await engine.post('/lab/explain', {})).toMatchObject([400, { Message: 'ticketId must be a string.' }])
  expect(await engine.post('/lab/explain', { ticketId: 'a', deep: true })).toMatchObject([
    400,
    { Message: 'The body has no "deep"; it takes ticketId, weighedTickets.' },
  ])
  expect(await engine.post('/lab/explain', { ticketId: 'a', weighedTickets: 10_001 })).toMatchObject([
    400,
    { Message: 'weighedTickets must be a whole number from 1 to 10000.' },
  ])
})
