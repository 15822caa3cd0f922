import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import type { EngineEvent } from '#lib/engine/core/contract.ts'
import { createEngine } from '#lib/engine/core/engine.ts'
import { DEFAULT_OPTIONS } from '#lib/engine/core/options.ts'
import { Shell } from '#lib/engine/shell.ts'
import { OutboxWriter } from './outbox.ts'
import { createPostgresStore } from './postgres-store.ts'
import { recover } from './recover.ts'
import type { HeldJournal } from './store.ts'

const database = testDatabase()
const create = (snapshot?: string) => createEngine(DEFAULT_OPTIONS, snapshot)
const RULE_SET = '{"ruleLanguageVersion":"1.0","teams":[{"name":"players","minPlayers":2,"maxPlayers":2}]}'
const held: HeldJournal[] = []
let log: ReturnType<typeof vi.spyOn>

beforeEach(async () => {
  log = vi.spyOn(console, 'error').mockImplementation(() => {})
  await database.db.query('truncate engine.journal, engine.snapshots, engine.events, engine.holder')
})
afterEach(async () => {
  for (const journal of held.splice(0)) await journal.release()
  log.mockRestore()
})

/** A store that has the journal, in which there are some entries. */
async function holdingStore() {
  const store = createPostgresStore(database.url, database.db)
  const journal = await store.hold({ patienceMs: 1_000, onLost() {} })
  held.push(journal)
  return { store, journal }
}
async function write(journal: HeldJournal, position: number, tickets: number) {
  const commands = [
    { operation: 'SetOptions', input: { tickMs: position } },
    { operation: 'CreateMatchmakingRuleSet', input: { Name: 'duel', RuleSetBody: RULE_SET } },
    {
      operation: 'CreateMatchmakingConfiguration',
      input: {
        Name: 'duel',
        RuleSetName: 'duel',
        RequestTimeoutSeconds: 60,
        AcceptanceRequired: false,
        FlexMatchMode: 'STANDALONE',
      },
    },
    ...Array.from({ length: tickets }, (_, n) => ({
      operation: 'StartMatchmaking',
      input: {
        TicketId: `t-${position}-${n}`,
        ConfigurationName: 'duel',
        Players: [{ PlayerId: `p-${position}-${n}` }],
      },
    })),
    { operation: 'Tick' },
  ]
  const timeMs = 1_700_000_000_000 + position * 1_000
  await journal.append({ position, timeMs, commands: commands.map((command) => JSON.stringify(command)) })
  return position + commands.length - 1
}
async function recovered() {
  const events: EngineEvent[] = []
  const store = createPostgresStore(database.url, database.db)
  const { engine, ...rest } = await recover(store, create, {
    add: (more) => void events.push(...more),
    written: async () => true,
  })
  return { state: engine.snapshot(), events, ...rest }
}
const snapshots = async () =>
  (await database.db.query('select position, state from engine.snapshots order by position')).rows as {
    position: number
    state: string
  }[]
const never = new AbortController().signal

it('are made in a process of their own, and are what the engine would have written', async () => {
  const { store, journal } = await holdingStore()
  const first = await write(journal, 1, 10)
  const last = await write(journal, first + 1, 5)
  const { state } = await recovered()
  await store.snapshots?.makeAside(first, never)
  await store.snapshots?.makeAside(last, never) // from the one before
  expect((await snapshots()).map(({ position }) => position)).toEqual([first, last])
  expect((await snapshots())[1]?.state).toBe(state)
})

it('are not made beyond the end of the journal, nor when they are to be ended', async () => {
  const { store, journal } = await holdingStore()
  const last = await write(journal, 1, 1)
  await expect(store.snapshots?.makeAside(last + 1, never)).rejects.toThrow(`the journal ends at entry ${last}.`)
  const ending = new AbortController()
  const made = store.snapshots?.makeAside(last, ending.signal)
  ending.abort()
  await expect(made).rejects.toThrow('its process ended with SIGKILL.')
  expect(await snapshots()).toEqual([])
})

it('are not stored for an engine whose journal another one has taken', async () => {
  const { store, journal } = await holdingStore()
  const last = await write(journal, 1, 1)
  await held.pop()?.release()
  const next = await holdingStore()
  await expect(store.snapshots?.makeAside(last, never)).rejects.toThrow('the journal is that of another engine by now.')
  await expect(store.snapshots?.save({ position: last, timeMs: 1, state: '' })).rejects.toThrow()
  await next.store.snapshots?.makeAside(last, never)
  expect(await snapshots()).toHaveLength(1)
})

it('that cannot be read are passed over: the one before or the journal is as good', async () => {
  const { store, journal } = await holdingStore()
  const first = await write(journal, 1, 10)
  await store.snapshots?.makeAside(first, never)
  const last = await write(journal, first + 1, 4)
  await store.snapshots?.makeAside(last, never)
  const { state } = await recovered()

  await database.db.query(`update engine.snapshots set state = '{"format":99}' where position = $1`, [last])
  const fromOlder = await recovered()
  expect(fromOlder).toMatchObject({ state, position: last, snapshotPosition: first, needsSnapshot: true })
  expect(log).toHaveBeenCalledWith(expect.stringContaining(`The snapshot at entry ${last} cannot be read`))

  await database.db.query(`update engine.snapshots set state = left(state, 100)`)
  const fromTheBeginning = await recovered()
  expect(fromTheBeginning).toMatchObject({ state, position: last, snapshotPosition: 0, needsSnapshot: true })
  expect(fromTheBeginning.replayedEntries).toBe(last)
})

it('of an older engine, or not readable, are replaced soon after the start, and no event is told twice', async () => {
  const { store, journal } = await holdingStore()
  const last = await write(journal, 1, 10)
  const before = await recovered()
  const outbox = new OutboxWriter(store.outbox, () => {})
  outbox.add(before.events)
  await outbox.written()
  await store.snapshots?.makeAside(last, never)
  await held.pop()?.release()
  await database.db.query(`update engine.snapshots set state = 'of another version'`)

  const shell = new Shell({
    store,
    outbox: new OutboxWriter(store.outbox, () => {}),
    // Its ids are others than those of the engine before.
    createEngine: (state) => createEngine({ ...DEFAULT_OPTIONS, seed: 'new' }, state),
    createClock: () => ({ nowMs: () => before.timeMs, paused: true }) as never,
    onSuperseded: () => {},
  })
  await shell.hold()
  await shell.start()
  await vi.waitFor(async () => expect((await snapshots())[0]?.state).toMatch(/^\{"format":/), 10_000)
  await shell.stop()
  const { rows } = await database.db.query('select events from engine.events')
  const ids = rows.flatMap(({ events }) => events.split('\n').map((line: string) => JSON.parse(line).eventId))
  expect(ids).toEqual(before.events.map(({ eventId }) => eventId))
})
