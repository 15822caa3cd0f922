import { afterEach, beforeEach, expect, it } from 'vitest'
import { configureNever, type LabEngine, startLabEngine, startTicket } from './testing/lab-engine.ts'

let engine: LabEngine
beforeEach(async () => {
  engine = await startLabEngine()
})
afterEach(() => engine.stop())

it('forces a match over HTTP, and journals the force as such', async () => {
  await configureNever(engine)
  await startTicket(engine, 'a')
  await startTicket(engine, 'b')
  const forced = { ticketIds: ['a', 'b'], teams: { a: 'blue' }, configurationName: 'never' }
  expect(await engine.post('/lab/force/match', forced)).toEqual([
    200,
    {
      matchId: expect.any(String),
      tickets: [
        { ticketId: 'a', status: 'COMPLETED', statusReason: null, teams: ['blue'] },
        { ticketId: 'b', status: 'COMPLETED', statusReason: null, teams: ['red'] },
      ],
      brokenRules: ['nobody'],
      unmatchable: [],
    },
  ])
  let last = ''
  for await (const { text } of engine.shell.entries()) last = text
  expect(last).toBe(JSON.stringify({ operation: 'ForceMatch', input: forced }))
})

it('forces outcomes by ticket or by match', async () => {
  await configureNever(engine, { AcceptanceRequired: true, AcceptanceTimeoutSeconds: 60 })
  for (const ticketId of ['a', 'b', 'c']) await startTicket(engine, ticketId)
  const [, { matchId }] = await engine.post('/lab/force/match', { ticketIds: ['a', 'b'] })
  expect(await engine.post('/lab/force/placement-failure', { ticketId: 'a' })).toMatchObject([
    400,
    { __type: 'InvalidRequestException', Message: expect.stringContaining('is in REQUIRES_ACCEPTANCE status') },
  ])
  expect(await engine.post('/lab/force/acceptance-timeout', { matchId })).toMatchObject([
    200,
    { matchId, tickets: [{ ticketId: 'a', status: 'CANCELLED' }, { status: 'CANCELLED' }] },
  ])
  expect(await engine.post('/lab/force/ticket-timeout', { ticketId: 'c' })).toMatchObject([
    200,
    { tickets: [{ ticketId: 'c', status: 'TIMED_OUT', statusReason: 'TimedOut' }] },
  ])
  expect(await engine.post('/lab/force/placement-timeout', { ticketId: 'nobody' })).toMatchObject([
    400,
    { __type: 'NotFoundException' },
  ])
})

it.each([
  ['match', [], 'The body must be an object.'],
  ['match', {}, 'ticketIds must be a list of at most 200 ticket ids.'],
  ['match', { ticketIds: Array(201).fill('a') }, 'ticketIds must be a list of at most 200 ticket ids.'],
  ['match', { ticketIds: ['a', 7] }, 'ticketIds[1] must be a text.'],
  ['match', { ticketIds: ['a'], teams: ['red'] }, 'teams must be an object.'],
  ['match', { ticketIds: ['a'], teams: { a: 1 } }, 'teams["a"] must be a text.'],
  ['match', { ticketIds: ['a'], configurationName: '' }, 'configurationName must be a text.'],
  ['match', { tickets: [] }, 'The body has no "tickets"; it takes ticketIds, teams, configurationName.'],
  ['acceptance-timeout', {}, 'Give either matchId or ticketId.'],
  ['placement-failure', { matchId: 'm', ticketId: 't' }, 'Give either matchId or ticketId.'],
  ['placement-timeout', { matchId: 5 }, 'matchId must be a text.'],
  ['ticket-timeout', { matchId: 'm' }, 'The body has no "matchId"; it takes ticketId.'],
])('refuses a wrong body for %s before it reaches the journal', async (path, body, message) => {
  const before = engine.shell.position
  expect(await engine.post(`/lab/force/${path}`, body)).toMatchObject([400, { Message: message }])
  expect(engine.shell.position).toBe(before)
})
