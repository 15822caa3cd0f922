import { afterEach, describe, expect, it, vi } from 'vitest'
import { openPool } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { createPostgresStore } from '#lib/engine/journal/postgres-store.ts'
import { HeldElsewhere } from '#lib/engine/journal/store.ts'
import { startEventReceiver } from '#lib/engine/testing/event-receiver.ts'
import { startTestEngine, type TestEngine } from '#lib/engine/testing/start-test-engine.ts'
import { importRun, NotEmpty } from './import-run.ts'
import { linesOf } from './lines.ts'
import { RunRefused } from './run-file.ts'

const database = testDatabase()
const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

async function anEngine(given: Partial<Parameters<typeof startTestEngine>[0]> = {}): Promise<TestEngine> {
  const engine = await startTestEngine({ databaseUrl: database.url, ...given })
  cleanUp.push(() => engine.stop())
  return engine
}

async function call({ endpoint }: TestEngine, operation: string, input: unknown): Promise<Record<string, unknown>> {
  const lab = operation.startsWith('/')
  const response = await fetch(lab ? `${endpoint}${operation}` : endpoint, {
    method: 'POST',
    headers: lab
      ? { 'content-type': 'application/json' }
      : { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `GameLift.${operation}` },
    body: JSON.stringify(input),
  })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as Record<string, unknown>
}

async function forceOneMatch(engine: TestEngine): Promise<void> {
  await call(engine, 'CreateMatchmakingRuleSet', {
    Name: 'four',
    RuleSetBody: JSON.stringify({
      ruleLanguageVersion: '1.0',
      teams: ['red', 'blue'].map((name) => ({ name, minPlayers: 1, maxPlayers: 2 })),
      rules: [
        {
          name: 'full',
          type: 'comparison',
          measurements: ['count(teams[*].players)'],
          operation: '=',
          referenceValue: 2,
        },
      ],
    }),
  })
  await call(engine, 'CreateMatchmakingConfiguration', {
    Name: 'four',
    RuleSetName: 'four',
    RequestTimeoutSeconds: 600,
    AcceptanceRequired: false,
    FlexMatchMode: 'STANDALONE',
  })
  for (const TicketId of ['a', 'b']) {
    await call(engine, 'StartMatchmaking', { TicketId, ConfigurationName: 'four', Players: [{ PlayerId: TicketId }] })
  }
  const answer = await call(engine, '/lab/force/match', { ticketIds: ['a', 'b'] })
  expect(answer).toMatchObject({ brokenRules: ['full'], tickets: [{ status: 'COMPLETED' }, { status: 'COMPLETED' }] })
}

function aStore() {
  const db = openPool(database.url, { name: 'import test' })
  cleanUp.push(() => db.end())
  return createPostgresStore(database.url, db)
}
const entries = async () =>
  (await database.db.query('select coalesce(sum(entries), 0)::int as n from engine.journal')).rows[0].n

describe('a run with a forced match', () => {
  it('reaches a target with its marks, and another engine with all it was', async () => {
    const receiver = await startEventReceiver()
    cleanUp.push(() => receiver.close())
    const target = { name: 'desk', url: receiver.url, secret: null, type: 'eventbridge' as const }
    const engine = await anEngine({ targets: [target] })
    await forceOneMatch(engine)
    await vi.waitFor(() => expect(receiver.envelopes().at(-1)?.detail.type).toBe('MatchmakingSucceeded'), 5_000)
    const last = receiver.envelopes().slice(-2)
    expect(last.map(({ detail, matchdesk }) => [detail.type, matchdesk])).toEqual([
      ['PotentialMatchCreated', { forced: true }],
      ['MatchmakingSucceeded', { forced: true }],
    ])

    const file = Buffer.from(await (await fetch(`${engine.endpoint}/lab/run`)).arrayBuffer())
    const open = () => linesOf(new Blob([file]).stream())
    const store = aStore()
    await expect(importRun(store, open)).rejects.toThrow(HeldElsewhere)
    await engine.stop()
    await expect(importRun(store, open)).rejects.toThrow(NotEmpty)

    await database.db.query('truncate engine.journal, engine.snapshots, engine.events, engine.targets')
    const broken = () => linesOf(new Blob([file.subarray(0, file.length - 20)]).stream())
    const opened = [open, broken]
    await expect(importRun(store, () => opened.shift()!())).rejects.toThrow(RunRefused)
    expect(await entries()).toBe(0)
    const run = await importRun(store, open)
    expect(await entries()).toBe(run.entries)

    const heard = receiver.envelopes()
    receiver.accepted.splice(0)
    const again = await anEngine({ targets: [target] })
    const { TicketList } = await call(again, 'DescribeMatchmaking', { TicketIds: ['a'] })
    expect(TicketList).toMatchObject([{ TicketId: 'a', Status: 'COMPLETED' }])
    await vi.waitFor(() => expect(receiver.envelopes()).toEqual(heard), 5_000)
  }, 30_000)
})
