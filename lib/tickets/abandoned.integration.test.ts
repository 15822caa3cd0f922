import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { anEvent, aTicket, START } from '#lib/flexmatch/testing/builders.ts'
import { settleAbandoned } from './abandoned.ts'
import { getTicket } from './get-ticket.ts'
import { ingest } from './ingest.ts'
import { reconcile } from './reconcile.ts'
import { arrivalsOf } from './testing/arrivals.ts'
import { ScriptedDescriber } from './testing/scripted-describer.ts'

const database = testDatabase()
const at = (ms: number) => new Date(START + ms)

async function intend(target: string, time: Date): Promise<void> {
  await database.db.query(
    `insert into audit (at, person_name, environment, action, target, input, request_id)
     values ($1, 'Ona', 'local', 'ticket.cancel', $2, '{}', $3)`,
    [time, target, randomUUID()],
  )
}
const requestsOf = async (ticketId: string) =>
  (await getTicket(database.db, 'local', ticketId, START))?.timeline
    .filter((entry) => entry.kind === 'request')
    .map(({ text, detail, by }) => ({ text, detail, by }))

it('an action whose process died ends as unknown, and its ticket is asked about at once', async () => {
  const describer = new ScriptedDescriber().knows({ ticketId: 'begun' }).knows({ ticketId: 'fresh' })
  const searching = ['begun', 'fresh'].map((id) =>
    anEvent('MatchmakingSearching', { time: 0, tickets: [aTicket(id, [`of-${id}`], START)] }),
  )
  await ingest(database.db, 'local', arrivalsOf(searching), START)
  await reconcile(database.db, 'local', describer, () => START + 100)
  await intend('begun', at(1_000))
  await intend('fresh', at(85_000)) // may still be at it

  await reconcile(database.db, 'local', describer, () => START + 80_000) // both still as they were: quiet until 110 s
  expect(await requestsOf('begun')).toEqual([{ text: 'Cancel requested', detail: null, by: 'Ona' }])

  expect(await settleAbandoned(database.db, at(95_000))).toBe(1)
  expect(await requestsOf('begun')).toEqual([
    { text: 'Cancel requested', detail: expect.stringContaining('not known whether this was carried out'), by: 'Ona' },
  ])
  expect(await requestsOf('fresh')).toEqual([{ text: 'Cancel requested', detail: null, by: 'Ona' }])

  describer.knows({ ticketId: 'begun', status: 'CANCELLED', statusReason: 'UserCancelled' })
  describer.asked.splice(0)
  await reconcile(database.db, 'local', describer, () => START + 95_100)
  expect(describer.asked).toEqual([['begun']])
  expect((await getTicket(database.db, 'local', 'begun', START))?.status).toBe('CANCELLED')
  expect(await settleAbandoned(database.db, at(96_000))).toBe(0)
})
