/** Only what was shown, to the one it was shown to, once, and soon. */
import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import type { Person } from '#lib/access/sessions.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import { anEvent, aTicket } from '#lib/flexmatch/testing/builders.ts'
import { ingest } from '#lib/tickets/ingest.ts'
import { arrivalsOf } from '#lib/tickets/testing/arrivals.ts'
import { confirmRun } from './confirm.ts'
import { previewRun } from './preview.ts'
import { getBulkRun } from './read-runs.ts'
import { aPerson } from './testing/start-run.ts'
import type { BulkFilter, BulkPreviewView, BulkSelection } from './views.ts'

const database = testDatabase()
const local = anEnvironment()
const other = anEnvironment({ name: 'other', label: 'other' })
let ana: Person
let bo: Person
beforeAll(async () => {
  ana = await aPerson(database.db)
  bo = await aPerson(database.db)
})

let configuration: string
let ids: string[]
const filter = (changes: Partial<BulkFilter> = {}): BulkSelection => ({
  filter: {
    ...{ tab: 'open', configuration, kind: null, playerId: null, ticketId: null, minAgeSeconds: null },
    ...{ presumed: false, order: 'newest', ...changes },
  },
})
const event = (type: 'MatchmakingSearching' | 'MatchmakingCancelled', ticketId: string, time = 0) =>
  anEvent(type, { id: randomUUID(), time, configuration, tickets: [aTicket(ticketId, [`p-${ticketId}`])] })
const tell = (...events: ReturnType<typeof anEvent>[]) => ingest(database.db, 'local', arrivalsOf(events))

beforeEach(async () => {
  configuration = `c-${randomUUID().slice(0, 8)}`
  ids = Array.from({ length: 3 }, (_, index) => `${configuration}-${index}`)
  await tell(...ids.map((id) => event('MatchmakingSearching', id)))
})

const preview = (selection: BulkSelection = filter(), person = ana, environment: Environment = local, most = 1_000) =>
  previewRun(database.db, {
    ...{ environment, action: 'cancel', selection, person, most, now: new Date(), mayTake: async () => {} },
  })
const confirm = (shown: BulkPreviewView & { token: string }, changes: Partial<Parameters<typeof confirmRun>[1]> = {}) =>
  confirmRun(database.db, {
    ...{ environment: local, bulkId: shown.bulkId, actions: ['cancel'], token: shown.token, count: shown.count },
    ...{ confirmation: '', reason: null, person: ana, requestId: randomUUID(), most: 1_000 },
    mayTake: async () => {},
    ...changes,
  })
async function refusalOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'nothing'
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return `${error.code}: ${error.message}`
  }
}
const began = async (bulkId: string) => (await getBulkRun(database.db, 'local', bulkId)) !== null

it('a preview names what is chosen and begins nothing; its confirmation begins exactly that, once', async () => {
  const shown = await preview()
  expect(shown).toMatchObject({
    ...{ action: 'cancel', count: 3, words: `open tickets of configuration ${configuration}`, leftOut: 0, more: false },
    ...{ ask: 'reason', word: 'local 3' },
  })
  expect([...shown.samples].sort()).toEqual(ids)
  expect(await began(shown.bulkId)).toBe(false)
  const both = await Promise.all([refusalOf(confirm(shown)), refusalOf(confirm(shown))])
  expect(both.sort()).toEqual([
    'REFUSED: This confirmation was used already. Look at the run, or preview again.',
    'nothing',
  ])
  expect(await getBulkRun(database.db, 'local', shown.bulkId)).toMatchObject({
    ...{ state: 'running', total: 3, by: ana.name },
    counts: { waiting: 3, done: 0 },
  })
  expect(await refusalOf(confirm(shown))).toMatch(/^REFUSED: .* used already/)
})

it('is refused for whoever did not see it, elsewhere, as something else, for another number, and with another token', async () => {
  const shown = await preview()
  const stolen = await preview(filter(), bo)
  const refused = [
    await refusalOf(confirm(shown, { person: bo })),
    await refusalOf(confirm(shown, { environment: other })),
    await refusalOf(confirm(shown, { actions: ['accept', 'reject'] })),
    await refusalOf(confirm(shown, { count: 2 })),
    await refusalOf(confirm(shown, { token: stolen.token })),
    await refusalOf(confirm(shown, { token: '' })),
    await refusalOf(confirm(shown, { bulkId: stolen.bulkId })),
    await refusalOf(confirm(shown, { bulkId: randomUUID() })),
  ]
  expect(refused.map((each) => each.split(':')[0])).toEqual([
    ...['REFUSED', 'NOT_FOUND', 'NOT_FOUND', 'REFUSED'],
    ...['REFUSED', 'REFUSED', 'REFUSED', 'NOT_FOUND'],
  ])
  expect(await began(shown.bulkId)).toBe(false)
  expect(await refusalOf(confirm(shown))).toBe('nothing') // none of them has used it up
})

it('is refused once five minutes are over', async () => {
  const shown = await preview()
  const { db } = database
  await db.query(`update bulk_runs set confirm_until = confirm_until - interval '5 minutes' where bulk_id = $1`, [
    shown.bulkId,
  ])
  // The end is bound too: a later one in the row is another confirmation.
  expect(await refusalOf(confirm(shown))).toMatch(/^REFUSED/)
  const honest = await preview()
  await db.query(`update bulk_runs set confirm_until = confirm_until + interval '1 hour' where bulk_id = $1`, [
    honest.bulkId,
  ])
  expect(await refusalOf(confirm(honest))).toMatch(/^REFUSED: .* another preview/)
  const late = await previewRun(db, {
    ...{ environment: local, action: 'cancel', selection: filter(), person: ana, most: 1_000, mayTake: async () => {} },
    now: new Date(Date.now() - 5 * 60_000 - 1),
  })
  expect(await refusalOf(confirm(late))).toBe('REFUSED: The preview is older than 5 minutes. Look again.')
})

it('is refused with the new number when the filter means other tickets by now, and is used up', async () => {
  const [gone = '', ...left] = ids
  const shown = await preview()
  await tell(event('MatchmakingCancelled', gone, 5))
  expect(await refusalOf(confirm(shown))).toBe(
    'REFUSED: The tickets have changed since they were shown: 3 then, 2 now. Look again.',
  )
  expect(await refusalOf(confirm(shown))).toMatch(/used already/)
  const again = await preview()
  expect([...again.samples].sort()).toEqual(left)
  // The same number of others is another set.
  await tell(event('MatchmakingCancelled', left[0] ?? '', 6), event('MatchmakingSearching', `${configuration}-new`))
  expect(await refusalOf(confirm(again))).toBe(
    'REFUSED: The tickets have changed since they were shown: 2 then, 2 now, but others. Look again.',
  )
})

it('who comes after the preview is neither in the set nor in its way', async () => {
  const shown = await preview()
  const soon = `${configuration}-soon`
  const tickets = [aTicket(soon, ['zoe'], Date.now() + 1_000)]
  await tell(anEvent('MatchmakingSearching', { id: randomUUID(), configuration, tickets }))
  expect(await refusalOf(confirm(shown))).toBe('nothing')
})

it('is refused when its frozen tickets are not those that were shown', async () => {
  const shown = await preview()
  await database.db.query(`update bulk_items set ticket_id = 'somebody-else' where bulk_id = $1 and position = 0`, [
    shown.bulkId,
  ])
  expect(await refusalOf(confirm(shown))).toMatch(/^REFUSED: The tickets have changed/)
})

it('tickets that were chosen by name stay the same set, and those that have ended are left out of the next', async () => {
  const shown = await preview({ ticketIds: ids })
  await tell(event('MatchmakingCancelled', ids[0] ?? '', 5))
  expect(await refusalOf(confirm(shown))).toBe('nothing')
  expect(await preview({ ticketIds: ids })).toMatchObject({ count: 2, leftOut: 1 })
  expect(await refusalOf(preview({ ticketIds: ['nobody'] }))).toMatch(/^REFUSED: None of the chosen tickets is open/)
})

it('more than fifty, and any in a protected environment, are confirmed by typing where and how many', async () => {
  await tell(...Array.from({ length: 48 }, (_, index) => event('MatchmakingSearching', `${configuration}-x${index}`)))
  const shown = await preview()
  expect(shown).toMatchObject({ count: 51, ask: 'confirm', word: 'local 51' })
  expect(await refusalOf(confirm(shown))).toBe('INVALID_INPUT: confirmation: type "local 51" to confirm.')
  expect(await refusalOf(confirm(shown, { confirmation: 'local 50' }))).toMatch(/^INVALID_INPUT/)
  expect(await refusalOf(confirm(shown, { confirmation: 'local 51' }))).toBe('nothing')
  const admin = await aPerson(database.db, 'admin')
  const prod = anEnvironment({ protection: 'protected' })
  expect((await preview({ ticketIds: ids }, admin, prod)).ask).toBe('confirm')
})

it('one run takes no more than it may, says so, and takes the first of the list', async () => {
  const shown = await preview(filter({ order: 'oldest' }), ana, local, 2)
  expect(shown).toMatchObject({ count: 2, more: true })
  expect(await refusalOf(confirm(shown, { most: 1 }))).toBe('REFUSED: One run takes 1 tickets at most. Choose fewer.')
  expect(await refusalOf(confirm(shown))).toBe('nothing')
})

it('a list of tickets that have ended can be previewed by nobody, nor what a role may not do', async () => {
  expect(await refusalOf(preview(filter({ tab: 'COMPLETED' })))).toMatch(
    /^INVALID_INPUT: Tickets in COMPLETED have ended/,
  )
  const denied = previewRun(database.db, {
    ...{ environment: local, action: 'cancel', selection: filter(), person: ana, most: 1_000, now: new Date() },
    mayTake: () => Promise.reject(new AppError('FORBIDDEN', 'You may not.')),
  })
  expect(await refusalOf(denied)).toBe('FORBIDDEN: You may not.')
})
