/** A child process: brings events or tickets into a database and prints how long that took as JSON. */
import { openPool } from '#lib/db/pool.ts'
import {
  checkCopied,
  copyEvents,
  factsByTicket,
  makeCopied,
  makeRawTickets,
  ticketsAfterEach,
  timed,
  upsertTickets,
  type Written,
} from './write-anchors.ts'
import { flow, inStep, STATUSES_PER_TICKET } from './write-history.ts'
import {
  benchEnvironment,
  checkIndex,
  checkStored,
  checkTickets,
  moveTickets,
  receiveAll,
  receiveBacklog,
  storeEvents,
} from './write-product.ts'

export interface WriteInput {
  databaseUrl: string
  matches: number
  /** What is written before the clock runs, to warm up. */
  warmUpMatches: number
}

/** By their own clock. */
const EVENTS_PER_SECOND = 1_000
const PER_BATCH = 10_000
/** The most that share a transaction at the door. */
const STORED_TOGETHER = 5_000
const TICKETS_PER_BATCH = 1_000
const MATCHES_PER_BATCH = TICKETS_PER_BATCH / 2

const CASES: Readonly<Record<string, (input: WriteInput) => Promise<Written>>> = {
  copied: withDatabase(async (db, { matches, warmUpMatches }) => {
    const { warm, counted } = flowOf(matches, warmUpMatches)
    await makeCopied(db)
    await copyEvents(db, warm, PER_BATCH)
    const written = await timed(counted.length, () => copyEvents(db, counted, PER_BATCH))
    await checkCopied(db, warm.length + counted.length)
    return written
  }),
  received: withDatabase(async (db, { matches, warmUpMatches }) => {
    const { warm, counted } = flowOf(matches, warmUpMatches)
    await receiveBacklog(db, warm, PER_BATCH)
    const written = await timed(counted.length, () => receiveBacklog(db, counted, PER_BATCH))
    await checkIndex(db, matches + warmUpMatches)
    return written
  }),
  stored: withDatabase(async (db, { matches, warmUpMatches }) => {
    const { warm, counted } = flowOf(matches, warmUpMatches)
    await storeEvents(db, warm, STORED_TOGETHER)
    const written = await timed(counted.length, () => storeEvents(db, counted, STORED_TOGETHER))
    await checkStored(db, matches + warmUpMatches)
    return written
  }),
  upserted: withDatabase(async (db, { matches, warmUpMatches }) => {
    await makeRawTickets(db)
    const batches = batchesOf(matches + warmUpMatches).map(ticketsAfterEach)
    const warm = batches.splice(0, warmUpMatches / MATCHES_PER_BATCH)
    await upsertTickets(db, warm.flat())
    return timed(matches * 2 * STATUSES_PER_TICKET, () => upsertTickets(db, batches.flat()))
  }),
  moved: withDatabase(async (db, { matches, warmUpMatches }) => {
    const batches = batchesOf(matches + warmUpMatches).map((steps) => steps.map(factsByTicket))
    const warm = batches.splice(0, warmUpMatches / MATCHES_PER_BATCH)
    for (const step of warm.flat()) await moveTickets(db, step)
    const written = await timed(matches * 2 * STATUSES_PER_TICKET, async () => {
      for (const step of batches.flat()) await moveTickets(db, step)
    })
    await checkTickets(db, matches + warmUpMatches)
    return written
  }),
  'moved by events': withDatabase(async (db, { matches, warmUpMatches }) => {
    const environment = benchEnvironment()
    const batches = batchesOf(matches + warmUpMatches)
    const warm = batches.splice(0, warmUpMatches / MATCHES_PER_BATCH)
    for (const step of warm.flat()) await receiveAll(db, environment, step)
    const written = await timed(matches * 2 * STATUSES_PER_TICKET, async () => {
      for (const step of batches.flat()) await receiveAll(db, environment, step)
    })
    await checkIndex(db, matches + warmUpMatches)
    return written
  }),
}

function flowOf(matches: number, warmUpMatches: number) {
  const startMs = Date.now() - Math.ceil((1000 * 7 * matches) / EVENTS_PER_SECOND) - 30_000
  const events = flow(matches + warmUpMatches, EVENTS_PER_SECOND, startMs)
  const warmUp = Math.floor((events.length * warmUpMatches) / (matches + warmUpMatches))
  return { warm: events.slice(0, warmUp), counted: events.slice(warmUp) }
}

/** Per batch its steps. */
function batchesOf(matches: number) {
  const startMs = Date.now() - 10_000
  return Array.from({ length: matches / MATCHES_PER_BATCH }, (_, batch) =>
    inStep(batch * MATCHES_PER_BATCH, MATCHES_PER_BATCH, startMs + batch),
  )
}

function withDatabase(work: (db: ReturnType<typeof openPool>, input: WriteInput) => Promise<Written>) {
  return async (input: WriteInput) => {
    const db = openPool(input.databaseUrl, { name: 'bench' })
    return work(db, input).finally(() => db.end())
  }
}

const [name = '', input = '{}'] = process.argv.slice(2)
const run = CASES[name]
if (!run) throw new Error(`There is no case ${name}.`)
console.log(JSON.stringify(await run(JSON.parse(input))))
process.exit(0)
