import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Db, openPool } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import type { EngineEvent } from '#lib/engine/core/contract.ts'
import { createEngine } from '#lib/engine/core/engine.ts'
import { DEFAULT_OPTIONS } from '#lib/engine/core/options.ts'
import { Shell } from '#lib/engine/shell.ts'
import { type DatabaseProxy, startDatabaseProxy } from '#lib/engine/testing/database-proxy.ts'
import { readEntries } from './entries.ts'
import { readEvents } from './events.ts'
import { OutboxWriter } from './outbox.ts'
import { createPostgresStore } from './postgres-store.ts'
import { recover } from './recover.ts'

const database = testDatabase()
const create = (snapshot?: string) => createEngine(DEFAULT_OPTIONS, snapshot)
const RULE_SET = JSON.stringify({
  name: 'duel',
  ruleLanguageVersion: '1.0',
  teams: [{ name: 'players', minPlayers: 2, maxPlayers: 2 }],
})
const cleanUp: (() => Promise<unknown> | undefined)[] = []
let log: ReturnType<typeof vi.spyOn>

beforeEach(async () => {
  log = vi.spyOn(console, 'error').mockImplementation(() => {})
  await database.db.query('truncate engine.journal, engine.snapshots, engine.events')
})
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
  log.mockRestore()
})

interface Running {
  shell: Shell
  outbox: OutboxWriter
  db: Db
  superseded: ReturnType<typeof vi.fn>
}
async function startShell(given: { databaseUrl?: string; snapshotEvery?: number } = {}): Promise<Running> {
  const db = openPool(database.url, { name: 'journal test' })
  const store = createPostgresStore(given.databaseUrl ?? database.url, db)
  const outbox = new OutboxWriter(store.outbox, () => {})
  const superseded = vi.fn()
  const shell = new Shell({
    store,
    outbox,
    createEngine: create,
    onSuperseded: superseded,
    ...(given.snapshotEvery ? { snapshotEvery: given.snapshotEvery } : {}),
  })
  cleanUp.push(
    () => db.end(),
    () => shell.stop(),
  )
  await shell.hold()
  await shell.start()
  return { shell, outbox, db, superseded }
}
async function prepare(shell: Shell): Promise<void> {
  await shell.setOptions({ tickMs: 20 })
  await shell.execute('CreateMatchmakingRuleSet', { Name: 'duel', RuleSetBody: RULE_SET })
  await shell.execute('CreateMatchmakingConfiguration', {
    Name: 'duel',
    RuleSetName: 'duel',
    RequestTimeoutSeconds: 600,
    AcceptanceRequired: false,
    FlexMatchMode: 'STANDALONE',
  })
}
const startTicket = (shell: Shell, TicketId: string) =>
  shell.execute('StartMatchmaking', { TicketId, ConfigurationName: 'duel', Players: [{ PlayerId: `p-${TicketId}` }] })

async function statusOf(shell: Shell, ticketId: string): Promise<string | undefined> {
  const { TicketList } = await shell.execute('DescribeMatchmaking', { TicketIds: [ticketId] })
  return (TicketList as { Status: string }[])[0]?.Status
}
async function journal(): Promise<{ position: number; command: string }[]> {
  const entries: { position: number; command: string }[] = []
  for await (const { position, text } of readEntries(database.db, 0)) entries.push({ position, command: text })
  return entries
}
async function storedEvents(): Promise<EngineEvent[]> {
  const events: EngineEvent[] = []
  for (;;) {
    const next = await readEvents(database.db, events.at(-1) ?? { position: 0, index: 0 })
    if (next.length === 0) return events
    events.push(...next)
  }
}
/** The state a fresh process would have, from whatever the database holds. */
async function replayed(): Promise<{ state: string; replayedEntries: number; eventIds: string[] }> {
  const eventIds: string[] = []
  const recovered = await recover(createPostgresStore(database.url, database.db), create, {
    add: (events) => void eventIds.push(...events.map((event) => event.eventId)),
    written: async () => true,
  })
  return { state: recovered.engine.snapshot(), replayedEntries: recovered.replayedEntries, eventIds }
}
async function newestSnapshot(): Promise<number> {
  const { rows } = await database.db.query('select coalesce(max(position), 0) as position from engine.snapshots')
  return rows[0].position
}
async function backendOfJournal(): Promise<number[]> {
  const { rows } = await database.db.query<{ pid: number }>(
    `select pid from pg_stat_activity where application_name = 'matchdesk engine journal' and datname = current_database()`,
  )
  return rows.map((row) => row.pid)
}

describe('the journal', () => {
  it('gives the same state and the same events again, from the beginning and from any snapshot', async () => {
    const { shell, outbox } = await startShell({ snapshotEvery: 25 })
    await prepare(shell)
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 10 }, (_, i) => startTicket(shell, `t-${round}-${i}`)))
    }
    await vi.waitFor(async () => expect(await statusOf(shell, 't-9-9')).toBe('COMPLETED'), 5_000)
    await outbox.written()
    await shell.setOptions({ tickMs: 30 }) // a snapshot is offered after a commit only
    await vi.waitFor(async () => expect(await newestSnapshot()).toBeGreaterThan(0), 10_000)
    await shell.stop()

    const fromSnapshot = await replayed()
    expect(fromSnapshot.replayedEntries).toBe(0) // a clean stop leaves a snapshot of the very end
    await database.db.query(
      'delete from engine.snapshots where position = (select max(position) from engine.snapshots)',
    )
    const fromOlderSnapshot = await replayed()
    expect(fromOlderSnapshot.replayedEntries).toBeGreaterThan(0)
    expect(fromOlderSnapshot.replayedEntries).toBeLessThan((await journal()).length) // from one made beside the engine
    await database.db.query('truncate engine.snapshots')
    const fromTheBeginning = await replayed()
    expect(fromTheBeginning.replayedEntries).toBe((await journal()).length)
    expect(fromOlderSnapshot.state).toBe(fromSnapshot.state)
    expect(fromTheBeginning.state).toBe(fromSnapshot.state)
    const stored = (await storedEvents()).map((event) => event.eventId)
    expect(fromTheBeginning.eventIds).toEqual(stored)
    expect(stored.length).toBeGreaterThanOrEqual(200)
  })

  it('commits the commands that arrive together together, under positions without gaps', async () => {
    const { shell } = await startShell()
    await prepare(shell)
    await Promise.all(Array.from({ length: 200 }, (_, i) => startTicket(shell, `t-${i}`)))
    const { rows } = await database.db.query(
      'select sum(entries)::int as entries, max(position + entries - 1)::int as last, count(*)::int as rows from engine.journal',
    )
    expect(rows[0].entries).toBe(rows[0].last)
    expect(rows[0].rows).toBeLessThan(rows[0].entries / 4)
  })

  it('holds no more in memory than it can commit soon, and tells callers to come back', async () => {
    const { shell } = await startShell()
    await prepare(shell)
    const entries = (await journal()).length
    const RuleSetBody = 'x'.repeat(65_535) // refused by the core, but only after its commit
    const calls = Array.from({ length: 2_000 }, (_, i) =>
      shell.execute('CreateMatchmakingRuleSet', { Name: `r-${i}`, RuleSetBody }),
    )
    const types = (await Promise.allSettled(calls)).map((call) => call.status === 'rejected' && call.reason.type)
    const throttled = types.filter((type) => type === 'ThrottlingException').length
    expect(throttled).toBeGreaterThan(500)
    expect(types.filter((type) => type === 'InvalidRequestException').length).toBe(2_000 - throttled)
    expect((await journal()).length).toBe(entries + 2_000 - throttled)
    const { rows } = await database.db.query('select max(length(commands)) as largest from engine.journal')
    expect(rows[0].largest).toBeLessThan(1_500_000)
  })

  it('applies what was committed and never answered when the engine comes back', async () => {
    const { shell } = await startShell()
    await prepare(shell)
    await shell.stop()
    const entries = await journal()
    await database.db.query('insert into engine.journal values ($1, $2, $3)', [
      entries.length + 1,
      Date.now(),
      JSON.stringify({
        operation: 'StartMatchmaking',
        input: { TicketId: 'orphan', ConfigurationName: 'duel', Players: [{ PlayerId: 'p' }] },
      }),
    ])
    const again = await startShell()
    expect(await statusOf(again.shell, 'orphan')).toBe('QUEUED')
  })

  it('writes events again that were lost between the answer and the outbox', async () => {
    const first = await startShell()
    await prepare(first.shell)
    await startTicket(first.shell, 't-1')
    await vi.waitFor(async () => expect(await statusOf(first.shell, 't-1')).toBe('SEARCHING'))
    await first.outbox.written()
    const before = await storedEvents()
    expect(before).not.toEqual([])
    await first.shell.stop()
    await database.db.query('truncate engine.events, engine.snapshots')
    const second = await startShell()
    await second.outbox.written()
    expect(await storedEvents()).toEqual(before)
  })

  it('takes a snapshot only once the outbox holds every event up to it', async () => {
    const { shell, outbox } = await startShell({ snapshotEvery: 1 })
    const blocker = await database.db.connect()
    cleanUp.push(async () => blocker.release(true)) // whatever happens: an open lock would outlive the test
    await blocker.query('begin; lock table engine.events in access exclusive mode')
    await prepare(shell)
    await Promise.all(Array.from({ length: 10 }, (_, i) => startTicket(shell, `t-${i}`)))
    await vi.waitFor(async () => expect(await statusOf(shell, 't-9')).toBe('COMPLETED'))
    const firstTick = (await journal()).find(({ command }) => command.includes('"Tick"'))?.position // brought the first events
    await sleep(1_000) // time enough to make one
    expect(await newestSnapshot()).toBeLessThan(firstTick as number)
    await blocker.query('rollback')
    await outbox.written()
    await vi.waitFor(async () => {
      await shell.setOptions({ tickMs: 20 }) // a snapshot is offered after a commit only
      expect(await newestSnapshot()).toBeGreaterThanOrEqual(firstTick as number)
    }, 10_000)
  })

  it('refuses to start on a journal with a gap instead of guessing', async () => {
    const { shell } = await startShell()
    await prepare(shell)
    await shell.stop()
    await database.db.query('truncate engine.snapshots')
    await database.db.query('delete from engine.journal where position = 2')
    await expect(startShell()).rejects.toThrow('The journal has a gap: entry 2 is missing before 3.')
  })

  it('tells the caller when PostgreSQL refuses the commit, applies nothing, and goes on', async () => {
    const { shell } = await startShell()
    await prepare(shell)
    const entries = await journal()
    await database.db.query(
      `create function refuse() returns trigger language plpgsql as $$ begin raise 'full'; end $$`,
    )
    await database.db.query('create trigger refusing before insert on engine.journal execute function refuse()')
    await expect(startTicket(shell, 't-1')).rejects.toMatchObject({ type: 'InternalServiceException', status: 500 })
    await database.db.query('drop function refuse() cascade')
    expect(await statusOf(shell, 't-1')).toBeUndefined()
    expect(shell.failing()).toBeNull()
    await startTicket(shell, 't-2')
    const added = (await journal()).slice(entries.length).map(({ command }) => JSON.parse(command).input?.TicketId)
    expect(added.filter(Boolean)).toEqual(['t-2'])
  })
})

describe('a journal whose connection breaks', () => {
  let proxy: DatabaseProxy
  beforeEach(async () => {
    proxy = await startDatabaseProxy(database.url)
    cleanUp.push(async () => proxy.close())
  })

  it('answers a command whose commit happened though its answer was lost', async () => {
    const { shell } = await startShell({ databaseUrl: proxy.url })
    await prepare(shell)
    proxy.failNext('lose the answer')
    expect(await startTicket(shell, 't-1')).toMatchObject({ MatchmakingTicket: { TicketId: 't-1', Status: 'QUEUED' } })
    await startTicket(shell, 't-2')
    const tickets = (await journal()).filter(({ command }) => command.includes('StartMatchmaking'))
    expect(tickets.map(({ command }) => JSON.parse(command).input.TicketId)).toEqual(['t-1', 't-2'])
    await shell.stop()
    expect((await replayed()).state).toContain('t-1')
  })

  it('refuses a command whose commit never happened, and gives its position to the next', async () => {
    const { shell } = await startShell({ databaseUrl: proxy.url })
    await prepare(shell)
    proxy.failNext('lose the append')
    await expect(startTicket(shell, 't-1')).rejects.toMatchObject({ type: 'InternalServiceException', status: 500 })
    await vi.waitFor(() => expect(shell.failing()).toBeNull())
    expect(await statusOf(shell, 't-1')).toBeUndefined()
    await startTicket(shell, 't-2')
    const positions = (await journal()).map(({ position }) => position)
    expect(positions).toEqual(positions.map((_, index) => index + 1))
  })

  it('takes no writes and says so while the database is away, answers reads, and goes on afterwards', async () => {
    const { shell } = await startShell({ databaseUrl: proxy.url })
    await prepare(shell)
    await startTicket(shell, 't-1')
    proxy.shut()
    await vi.waitFor(() => expect(shell.failing()).toMatch(/^database: /))
    await expect(startTicket(shell, 't-2')).rejects.toMatchObject({ type: 'InternalServiceException', status: 500 })
    expect(await statusOf(shell, 't-1')).toMatch(/QUEUED|SEARCHING/)
    proxy.open()
    await vi.waitFor(() => expect(shell.failing()).toBeNull(), 5_000)
    await startTicket(shell, 't-2')
    await vi.waitFor(async () => expect(await statusOf(shell, 't-1')).toBe('COMPLETED'))
  })

  it('survives a hundred cuts at random moments without losing or doubling anything', async () => {
    const { shell } = await startShell({ databaseUrl: proxy.url, snapshotEvery: 40 })
    await prepare(shell)
    const acknowledged: string[] = []
    for (let cut = 0; cut < 100; cut++) {
      if (cut % 3 !== 2) proxy.failNext(cut % 3 === 0 ? 'lose the answer' : 'lose the append')
      const ids = [0, 1, 2].map((i) => `t-${cut}-${i}`)
      const answers = await Promise.allSettled(ids.map((id) => startTicket(shell, id)))
      acknowledged.push(...ids.filter((_, index) => answers[index]?.status === 'fulfilled'))
      await vi.waitFor(() => expect(shell.failing()).toBeNull(), 5_000)
    }
    await shell.stop()
    const written = (await journal()).flatMap(({ command }) => JSON.parse(command).input?.TicketId ?? [])
    expect(new Set(written).size).toBe(written.length)
    expect(acknowledged.filter((id) => !written.includes(id))).toEqual([])
    expect(acknowledged.length).toBeGreaterThanOrEqual(99) // a tick may meet the fault meant for the tickets
    const { state } = await replayed()
    await database.db.query('truncate engine.snapshots')
    expect((await replayed()).state).toBe(state)
  }, 60_000)

  it('keeps its word while the database comes and goes, also in the middle of a reconnect', async () => {
    const { shell, superseded } = await startShell({ databaseUrl: proxy.url, snapshotEvery: 40 })
    await prepare(shell)
    const acknowledged: string[] = []
    let flapping = true
    const writers = [0, 1, 2].map(async (writer) => {
      for (let turn = 0; flapping; turn++) {
        const id = `t-${writer}-${turn}`
        await startTicket(shell, id).then(
          () => acknowledged.push(id),
          () => sleep(5),
        )
      }
    })
    for (let round = 0; round < 40; round++) {
      await sleep((round * 37) % 160)
      proxy.shut()
      await sleep((round * 13) % 30)
      proxy.open()
    }
    await vi.waitFor(() => expect(shell.failing()).toBeNull(), 10_000)
    flapping = false
    await Promise.all(writers)
    await startTicket(shell, 'last')
    await shell.stop()
    expect(superseded).not.toHaveBeenCalled()
    const written = (await journal()).flatMap(({ command }) => JSON.parse(command).input?.TicketId ?? [])
    expect(new Set(written).size).toBe(written.length)
    expect(acknowledged.filter((id) => !written.includes(id))).toEqual([])
    const { state } = await replayed()
    await database.db.query('truncate engine.snapshots')
    expect((await replayed()).state).toBe(state)
  }, 60_000)

  it('stops in good order while it is reconnecting', async () => {
    const { shell } = await startShell({ databaseUrl: proxy.url })
    await prepare(shell)
    proxy.shut()
    await vi.waitFor(() => expect(shell.failing()).toMatch(/^database: /))
    await shell.stop()
    proxy.open()
    await sleep(200)
    expect(shell.failing()).toBe('the engine is stopping')
    expect(await backendOfJournal()).toEqual([])
  })
})

describe('the holder of a journal', () => {
  it('is named to a second engine, which does not start', async () => {
    await startShell()
    await expect(startShell()).rejects.toThrow(
      new RegExp(`Another engine holds this database: process ${process.pid} on .+, since 20\\d\\d-.*Stop it, or give`),
    )
  })

  it('gives the database up when it ends, and the next engine has it at once', async () => {
    const first = await startShell()
    await prepare(first.shell)
    await first.shell.stop()
    const second = await startShell()
    await startTicket(second.shell, 't-1')
  })

  it('takes the database back when only its own connection broke', async () => {
    const { shell, superseded } = await startShell()
    await prepare(shell)
    for (const pid of await backendOfJournal()) await database.db.query('select pg_terminate_backend($1)', [pid])
    await vi.waitFor(() => expect(log).toHaveBeenCalledWith(expect.stringContaining('was lost')))
    await vi.waitFor(() => expect(shell.failing()).toBeNull(), 5_000)
    await startTicket(shell, 't-1')
    expect(superseded).not.toHaveBeenCalled()
  })

  it('never writes again once another engine has taken over in the meantime', async () => {
    const proxy = await startDatabaseProxy(database.url)
    cleanUp.push(async () => proxy.close())
    const first = await startShell({ databaseUrl: proxy.url })
    await prepare(first.shell)
    proxy.shut()
    await vi.waitFor(() => expect(first.shell.failing()).toMatch(/^database: /))
    const second = await startShell()
    await startTicket(second.shell, 'theirs')
    proxy.open()
    await vi.waitFor(() => expect(first.superseded).toHaveBeenCalledOnce(), 5_000)
    await expect(startTicket(first.shell, 'ours')).rejects.toMatchObject({ status: 500 })
    expect(first.shell.failing()).toMatch(/^Another engine holds this database/)
    expect((await journal()).some(({ command }) => command.includes('ours'))).toBe(false)
  })
})
