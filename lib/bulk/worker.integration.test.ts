/** What becomes of each ticket of a run, whatever GameLift says of it. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLeases } from '#lib/db/leases.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { AppError, type ErrorCode } from '#lib/flexmatch/result.ts'
import { anEvent, aTicket } from '#lib/flexmatch/testing/builders.ts'
import { ingest } from '#lib/tickets/ingest.ts'
import { arrivalsOf } from '#lib/tickets/testing/arrivals.ts'
import { ScriptedDescriber } from '#lib/tickets/testing/scripted-describer.ts'
import { getBulkRun, listBulkItems } from './read-runs.ts'
import { startRun } from './testing/start-run.ts'
import type { BulkAction, BulkSelection } from './views.ts'
import { startBulkRuns } from './worker.ts'

const database = testDatabase()
const environment = anEnvironment()
const ending: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end()
})

let configuration: string
let ids: string[]
const tell = (...events: ReturnType<typeof anEvent>[]) => ingest(database.db, 'local', arrivalsOf(events))
beforeEach(async () => {
  configuration = `c-${randomUUID().slice(0, 8)}`
  ids = Array.from({ length: 30 }, (_, index) => `${configuration}-${index}`)
  await tell(
    ...ids.map((id) =>
      anEvent('MatchmakingSearching', { id: randomUUID(), configuration, tickets: [aTicket(id, [`p-${id}`])] }),
    ),
  )
})

/** A worker whose GameLift does what `fate` says. Returns what was asked. */
function work(
  fate: (ticketId: string, times: number) => void,
  whyNot: () => string | null = () => null,
  describer = new ScriptedDescriber(),
) {
  const asked: { ticketId: string; answer?: string; playerIds?: readonly string[] }[] = []
  const ask = async (call: (typeof asked)[number]) => {
    asked.push(call)
    fate(call.ticketId, asked.filter(({ ticketId }) => ticketId === call.ticketId).length)
  }
  const worker = startBulkRuns({
    ...{ db: database.db, environment, perSecond: 200 },
    leases: createLeases(database.db, randomUUID(), () => {}, { lastsMs: 2_000, askEveryMs: 100 }),
    describer,
    openWriter: (gate) => {
      const wait = gate(async () => {})
      return {
        writer: {
          stop: (ticketId) => wait(1_000).then(() => ask({ ticketId })),
          accept: (ticketId, playerIds, answer) => wait(1_000).then(() => ask({ ticketId, playerIds, answer })),
        },
        close() {},
      }
    },
    whyNot: async () => whyNot(),
    onProblem: () => {},
  })
  ending.push(() => worker.stop())
  return asked
}
const start = (selection: BulkSelection = { ticketIds: ids }, action: BulkAction = 'cancel') =>
  startRun(database.db, { environment, selection, action })
const runOf = (bulkId: string) => getBulkRun(database.db, 'local', bulkId)
const stateOf = async (bulkId: string) => (await runOf(bulkId))?.state
const fail = (code: ErrorCode) => {
  throw new AppError(code, `It was ${code}.`)
}

it('each answer of GameLift is a result, and the audit trail has each try with its outcome', async () => {
  const codes: (ErrorCode | null)[] = [
    null,
    'TOO_LATE',
    'GONE',
    'ALREADY_FINISHED',
    'REFUSED',
    'MATCHMAKER_UNAVAILABLE',
  ]
  const asked = work((ticketId, times) => {
    const code = codes[ids.indexOf(ticketId)]
    if (code && (code !== 'MATCHMAKER_UNAVAILABLE' || times === 1)) fail(code)
  })
  const chosen = ids.slice(0, codes.length)
  const { bulkId } = await start({ ticketIds: chosen })
  await expect.poll(() => stateOf(bulkId), { timeout: 15_000 }).toBe('finished')
  const page = await listBulkItems(database.db, 'local', bulkId, { results: null, after: null })
  expect(page?.rows.map(({ result, tries }) => [result, tries])).toEqual([
    ...[
      ['done', 1],
      ['too-late', 1],
      ['gone', 1],
    ],
    ...[
      ['already-finished', 1],
      ['failed', 1],
      ['done', 2],
    ],
  ])
  expect((await runOf(bulkId))?.counts).toEqual({
    ...{ waiting: 0, asking: 0, unknown: 0 },
    ...{ done: 2, 'too-late': 1, gone: 1, 'already-finished': 1, failed: 1 },
  })
  expect((await runOf(bulkId))?.firstFailed).toMatchObject([{ ticketId: chosen[4], reason: 'It was REFUSED.' }])
  expect(asked).toHaveLength(codes.length + 1)
  const { rows } = await database.db.query<{ target: string; outcome: string }>(
    'select target, outcome from audit where target = any($1) order by audit_id',
    [chosen],
  )
  const outcomes = (id: string | undefined) => rows.filter(({ target }) => target === id).map(({ outcome }) => outcome)
  expect(chosen.map(outcomes)).toEqual([
    ['done'],
    ['refused'],
    ['refused'],
    ['refused'],
    ['refused'],
    ['failed', 'done'],
  ])

  // Only what failed is tried again.
  const again = await start({ run: bulkId, which: 'left' })
  expect(again.count).toBe(1)
  const next = await listBulkItems(database.db, 'local', again.bulkId, { results: null, after: null })
  expect(next?.rows.map(({ ticketId }) => ticketId)).toEqual([chosen[4]])
})

it('ten refusals in a row pause the run before the rest is refused too', async () => {
  const asked = work(() => fail('REFUSED'))
  const { bulkId } = await start()
  await expect.poll(() => stateOf(bulkId), { timeout: 15_000 }).toBe('paused')
  const run = await runOf(bulkId)
  expect(run?.problem?.text).toBe('10 refusals in a row: It was REFUSED.')
  // The other lanes had at most one more each in hand.
  expect(asked.length).toBeLessThanOrEqual(15)
})

it('a brake pauses what was begun before it, and says so', async () => {
  let brake: string | null = 'Matchdesk is read-only.'
  const asked = work(
    () => {},
    () => brake,
  )
  const { bulkId } = await start()
  await expect.poll(() => stateOf(bulkId), { timeout: 15_000 }).toBe('paused')
  expect((await runOf(bulkId))?.problem?.text).toBe('Matchdesk is read-only.')
  expect(asked).toEqual([])
  brake = null
})

it('of many replicas one carries a run out', async () => {
  const all = [1, 2, 3].map(() => work(() => {}))
  const { bulkId } = await start()
  await expect.poll(() => stateOf(bulkId), { timeout: 15_000 }).toBe('finished')
  expect(
    all
      .flat()
      .map(({ ticketId }) => ticketId)
      .sort(),
  ).toEqual([...ids].sort())
})

it('missing answers are given for all tickets of the matches that are meant, and only those', async () => {
  const [t1 = '', t2 = '', t3 = '', t4 = ''] = ids
  const answered = { playerId: `p-${t2}`, accepted: true }
  await tell(
    anEvent('PotentialMatchCreated', {
      ...{ id: randomUUID(), time: 10, configuration, matchId: `m1-${configuration}` },
      tickets: [aTicket(t1, [`p-${t1}`]), aTicket(t2, [`p-${t2}`])],
    }),
    anEvent('PotentialMatchCreated', {
      ...{ id: randomUUID(), time: 10, configuration, matchId: `m2-${configuration}` },
      tickets: [aTicket(t3, [`p-${t3}`]), aTicket(t4, [`p-${t4}`])],
    }),
    anEvent('AcceptMatch', {
      ...{ id: randomUUID(), time: 12, configuration, matchId: `m1-${configuration}` },
      tickets: [aTicket(t1, [`p-${t1}`]), aTicket(t2, [answered])],
    }),
  )
  const asked = work(() => {})
  // t2 is chosen, whose player has answered: the answer that its match waits for is that of t1.
  const { bulkId, count } = await start({ ticketIds: [t2, ids[5] ?? ''] }, 'accept')
  expect(count).toBe(1)
  await expect.poll(() => stateOf(bulkId), { timeout: 15_000 }).toBe('finished')
  expect(asked).toEqual([{ ticketId: t1, playerIds: [`p-${t1}`], answer: 'ACCEPT' }])
})

it('an answer that nobody confirmed is done once its event says so, unknown for good without one, and never given twice', async () => {
  const [t1 = '', t2 = ''] = ids
  const matchId = `m-${configuration}`
  const party = (accepted?: boolean) => [
    aTicket(t1, [{ playerId: `p-${t1}`, ...(accepted && { accepted }) }]),
    aTicket(t2, [`p-${t2}`]),
  ]
  await tell(anEvent('PotentialMatchCreated', { id: randomUUID(), time: 10, configuration, matchId, tickets: party() }))
  const describer = new ScriptedDescriber()
  for (const ticketId of [t1, t2]) describer.knows({ ticketId, status: 'REQUIRES_ACCEPTANCE' })
  const asked = work(() => fail('UNCONFIRMED'), undefined, describer)
  const { bulkId } = await start({ ticketIds: [t1] }, 'accept')
  await expect.poll(async () => (await runOf(bulkId))?.counts.unknown, { timeout: 15_000 }).toBe(2)
  await tell(anEvent('AcceptMatch', { id: randomUUID(), time: 12, configuration, matchId, tickets: party(true) }))
  await expect.poll(async () => (await runOf(bulkId))?.counts.done, { timeout: 15_000 }).toBe(1)
  expect(await stateOf(bulkId)).toBe('running')

  await database.db.query(`update bulk_items set asked_at = asked_at - interval '1 minute' where bulk_id = $1`, [
    bulkId,
  ])
  await expect.poll(() => stateOf(bulkId), { timeout: 15_000 }).toBe('finished')
  const page = await listBulkItems(database.db, 'local', bulkId, { results: null, after: null })
  expect(page?.rows.map(({ ticketId, result }) => [ticketId, result])).toEqual([
    [t1, 'done'],
    [t2, 'failed'],
  ])
  expect(page?.rows[1]?.reason).toMatch(/^It is not known whether the answer was taken/)
  expect(asked.map(({ ticketId }) => ticketId).sort()).toEqual([t1, t2])
})
