import { expect, it } from 'vitest'
import type { Db, Transaction } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import type { Channel } from '#lib/environments/environment.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import type { EventFact } from '#lib/flexmatch/events.ts'
import { anEvent, aTicket, envelopeOf, START } from '#lib/flexmatch/testing/builders.ts'
import { type Delivery, receive, Unavailable } from './receive.ts'

const database = testDatabase()
const tickets = [aTicket('t1', ['ana'])]
/** Everything a transaction can do: new events, copies that tell a time more exactly, the same words in a second envelope. */
const BATCHES: Delivery[][] = [
  [copyBy('eventbridge', anEvent('MatchmakingSearching', { time: 1_120, tickets }), 'a')],
  [
    copyBy('sns', anEvent('MatchmakingSearching', { time: 1_120, tickets }), 'b'),
    copyBy('sns', anEvent('PotentialMatchCreated', { time: 2_340, tickets, acceptanceRequired: false }), 'c'),
  ],
  [
    copyBy('sqs', anEvent('MatchmakingSucceeded', { time: 5_670, tickets }), 'd'),
    copyBy('sqs', anEvent('MatchmakingSucceeded', { time: 5_670, tickets }), 'e'),
  ],
]
/** What may find nothing to do: no event and no status is lost with it. */
const MAY_DO_NOTHING = /^(delete from|update tickets set (describe|next)|select pg_notify)/

function copyBy(channel: Channel, event: EventFact, id: string): Delivery {
  const envelope = { ...envelopeOf(event, channel === 'eventbridge'), id }
  return { channel, messageId: id, receivedAt: START + 30_000, envelope }
}

/** The database, but its `nth` write says that it affected no row, and did nothing. `met` hears which one that was. */
function withSilentWrite(db: Db, nth: number, met: (sql: string) => void): Db {
  let writes = 0
  const silenced = (client: Transaction) =>
    new Proxy(client, {
      get(target, name) {
        const member = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        if (name !== 'query') return member.bind(target)
        return async (sql: string, values?: unknown[]) => {
          if (isWrite(sql) && writes++ === nth) {
            met(sql.trim().replace(/\s+/g, ' '))
            return { rows: [], rowCount: 0 }
          }
          return target.query(sql, values)
        }
      },
    })
  return new Proxy(db, {
    get(target, name) {
      if (name === 'connect') return async () => silenced(await target.connect())
      const member = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

function isWrite(sql: unknown): boolean {
  return (
    typeof sql === 'string' && /^\s*(insert|update|delete|with|merge)\b/i.test(sql) && /insert|update|delete/i.test(sql)
  )
}

it('a write that did nothing and said nothing is noticed, wherever it is, and the sender has to come again', async () => {
  const silent = new Set<string>()
  let noticed = 0
  for (const [place, batch] of BATCHES.entries()) {
    for (let nth = 0; ; nth++) {
      const environment = anEnvironment({ name: `silent-${place}-${nth}` })
      for (const earlier of BATCHES.slice(0, place)) await receive(database.db, environment, earlier)
      let met: string | null = null
      const db = withSilentWrite(database.db, nth, (sql) => {
        met = sql
      })
      const failure = await receive(db, environment, batch).then(
        () => null,
        (error: unknown) => error,
      )
      if (met === null) break
      if (failure === null) silent.add(met)
      else {
        noticed++
        expect(failure).toBeInstanceOf(Unavailable)
      }
    }
  }
  expect([...silent].filter((sql) => !MAY_DO_NOTHING.test(sql))).toEqual([])
  expect(noticed).toBeGreaterThan(15)
})
