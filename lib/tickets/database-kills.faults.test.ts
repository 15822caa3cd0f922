import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Db, openPool } from '#lib/db/pool.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { anEvent, aTicket, envelopeOf, START } from '#lib/flexmatch/testing/builders.ts'
import { type KillablePostgres, startKillablePostgres } from '#lib/testing/killable-postgres.ts'
import { receive, Unavailable } from './receive.ts'
import { countTickets, readCounters } from './testing/index-dump.ts'

const KILLS = process.env.MATCHDESK_FAULTS === 'full' ? 50 : 3
const SENDERS = 4
const BATCH = 10
const environment = anEnvironment({ name: 'killed' })

describe(`PostgreSQL is killed ${KILLS} times under load`, () => {
  let postgres: KillablePostgres
  let db: Db
  beforeAll(async () => {
    postgres = await startKillablePostgres('database-kills')
    db = openPool(postgres.url, { name: 'web' })
  })
  afterAll(async () => {
    await db.end()
    await postgres.stop()
  })

  it('nothing that was taken is lost, nothing is there twice, and nobody is restarted', async () => {
    const taken: string[] = []
    let unavailable = 0
    let sending = true
    let number = 0
    const senders = Array.from({ length: SENDERS }, async () => {
      while (sending) {
        const tickets = Array.from({ length: BATCH }, () => `t-${++number}`)
        // As a queue does: the same again until somebody takes it.
        for (let isTaken = false; !isTaken; ) {
          try {
            const answers = await receive(db, environment, tickets.map(deliveryOf))
            expect(answers.every(({ is }) => is === 'added' || is === 'known')).toBe(true)
            taken.push(...tickets)
            isTaken = true
          } catch (error) {
            expect(error).toBeInstanceOf(Unavailable)
            unavailable++
            await sleep(50)
          }
        }
      }
    })
    for (let kill = 0; kill < KILLS; kill++) {
      const before = taken.length
      await expect.poll(() => taken.length, { timeout: 20_000 }).toBeGreaterThan(before + 100)
      await sleep((kill * 37) % 100) // another moment of a transaction each time
      await postgres.kill()
      await sleep(200)
      await postgres.start()
    }
    sending = false
    await Promise.all(senders)

    expect(unavailable).toBeGreaterThanOrEqual(KILLS)
    const { rows } = await db.query<{ ticket_id: string; facts: number }>(
      `select ticket_id, count(*)::int as facts from fact_tickets where environment = $1 group by ticket_id`,
      [environment.name],
    )
    expect(rows.filter(({ facts }) => facts !== 1)).toEqual([])
    expect(new Set(rows.map((row) => row.ticket_id))).toEqual(new Set(taken))
    expect(await readCounters(db, environment.name)).toEqual(await countTickets(db, environment.name))
  })

  it('while it is down only the door says so, and ten seconds after it is back events are taken', async () => {
    await postgres.kill()
    const tried = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => receive(db, environment, [deliveryOf(`down-${index}`)], { ms: 4_000 })),
    )
    expect(tried.map((each) => each.status === 'rejected' && each.reason instanceof Unavailable)).not.toContain(false)
    await postgres.start()
    const again = () =>
      receive(db, environment, [deliveryOf('down-0')]).then(
        ([answer]) => answer?.is,
        () => 'down',
      )
    await expect.poll(again, { timeout: 10_000 }).toMatch(/added|known/)
  })
})

function deliveryOf(ticketId: string) {
  const event = anEvent('MatchmakingSearching', {
    id: ticketId,
    tickets: [aTicket(ticketId, [`player of ${ticketId}`])],
  })
  return { channel: 'sqs' as const, messageId: ticketId, receivedAt: START, envelope: envelopeOf(event) }
}
