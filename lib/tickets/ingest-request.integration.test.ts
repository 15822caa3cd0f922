import { describe, expect, it } from 'vitest'
import { openPool } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { anEvent, aTicket, envelopeOf } from '#lib/flexmatch/testing/builders.ts'
import { ingestRequest } from './ingest-request.ts'
import { fixtureEnvelopes } from './testing/arrivals.ts'

const database = testDatabase()

function deliver(environment: string, body: unknown, db = database.db) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return ingestRequest(
    db,
    anEnvironment({ name: environment }),
    'webhook',
    new Request('http://x/', { method: 'POST', body: text }),
  )
}
async function factsIn(environment: string): Promise<number> {
  const { rows } = await database.db.query('select count(*) from facts where environment = $1', [environment])
  return rows[0].count as number
}

describe('a delivery over HTTP', () => {
  it('is stored when it is answered with 200, alone or in an array', async () => {
    const [first, ...rest] = fixtureEnvelopes()
    expect(await deliver('a', first)).toEqual({ status: 200, body: { received: 1, added: 1 } })
    expect(await deliver('a', rest)).toMatchObject({ status: 200, body: { received: 16 } })
    expect(await deliver('a', [first, ...rest])).toEqual({ status: 200, body: { received: 17, added: 0 } })
    expect(await deliver('a', [])).toEqual({ status: 200, body: { received: 0, added: 0 } })
    expect(await factsIn('a')).toBe(13)
  })

  it('is refused whole when one event of it is bad, and the answer says which and why', async () => {
    const good = envelopeOf(anEvent('MatchmakingSearching'))
    expect(await deliver('b', [good, { ...good, id: 'x', time: 'noon' }])).toEqual({
      status: 400,
      body: {
        error: {
          code: 'INVALID_INPUT',
          message:
            'Event 1 of the array was refused, and nothing was stored: time is "noon", not a time such as 2026-01-15T10:00:05.120Z.',
        },
      },
    })
    expect(await factsIn('b')).toBe(0)
  })

  it('is refused with the reason when its text cannot be stored', async () => {
    const text = (playerId: string) =>
      JSON.stringify(envelopeOf(anEvent('MatchmakingSearching', { tickets: [aTicket('t1', [playerId])] })))
    for (const playerId of ['a\0', '\udc00']) {
      expect(await deliver('c', text(playerId))).toMatchObject({ status: 400 })
    }
    expect(await deliver('c', text('\u202e\u200bé'))).toMatchObject({ status: 200 })
  })

  it('is refused when it is too large or too deep', async () => {
    expect(await deliver('d', `"${'x'.repeat(1024 * 1024)}"`)).toMatchObject({ status: 413 })
    expect(
      await deliver(
        'd',
        Array.from({ length: 1_001 }, () => 1),
      ),
    ).toMatchObject({ status: 413 })
    expect(await deliver('d', '['.repeat(1_000_000))).toMatchObject({ status: 400 })
  })

  it('takes player ids as long as the API allows', async () => {
    const long = Array.from({ length: 1_024 }, (_, index) => String.fromCodePoint(0x1f300 + (index % 700)))
      .join('')
      .slice(0, 1_024)
    const event = anEvent('MatchmakingSearching', { tickets: [aTicket('t1', [long])] })
    expect(await deliver('e', envelopeOf(event))).toMatchObject({ status: 200 })
  })

  it('is refused when an event of it may not come this way', async () => {
    const envelope = envelopeOf(anEvent('MatchmakingSearching'))
    const request = new Request('http://x/', { method: 'POST', body: JSON.stringify(envelope) })
    const foreign = { whyRefused: () => 'it is of another account' }
    expect(await ingestRequest(database.db, anEnvironment({ name: 'g' }), 'webhook', request, foreign)).toMatchObject({
      status: 400,
      body: { error: { message: 'The event was refused, and nothing was stored: it is of another account.' } },
    })
    expect(await factsIn('g')).toBe(0)
  })

  it('is answered with 503 and no other status while the database is away, and can come again', async () => {
    const away = openPool('postgresql://nobody@127.0.0.1:1/nothing', { name: 'tests', max: 1 })
    const envelope = envelopeOf(anEvent('MatchmakingSearching'))
    const troubles: unknown[] = []
    const answer = await ingestRequest(
      away,
      anEnvironment({ name: 'f' }),
      'webhook',
      new Request('http://x/', { method: 'POST', body: JSON.stringify(envelope) }),
      { onTrouble: (error) => troubles.push(error) },
    )
    const others = await Promise.all([1, 2, 3].map(() => deliver('f', envelope, away)))
    expect(others.map(({ status }) => status)).toEqual([503, 503, 503])
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'DATABASE_UNAVAILABLE' } } })
    expect(troubles).toHaveLength(1)
    await away.end()
    expect(await deliver('f', envelope)).toEqual({ status: 200, body: { received: 1, added: 1 } })
  })

  it('shares a transaction with others that come at the same time, but not their failure', async () => {
    await database.db.query(`create function refuse_one() returns trigger language plpgsql as $$
      begin if new.ticket_id = 'bad' then raise exception 'no'; end if; return new; end $$`)
    await database.db.query(
      'create trigger refuse_one before insert on tickets for each row execute function refuse_one()',
    )
    const ids = Array.from({ length: 100 }, (_, index) => (index === 50 ? 'bad' : `t${index}`))
    const answers = await Promise.all(
      ids.map((id) => deliver('h', envelopeOf(anEvent('MatchmakingSearching', { tickets: [aTicket(id, [id])] })))),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(99)
    expect(answers[50]).toMatchObject({ status: 503 })
    expect(await factsIn('h')).toBe(99)
    await database.db.query('drop trigger refuse_one on tickets')
    const together = await Promise.all(
      ids.map((id) => deliver('i', envelopeOf(anEvent('MatchmakingSearching', { tickets: [aTicket(id, [id])] })))),
    )
    expect(together.every(({ body }) => 'added' in body && body.added === 1)).toBe(true)
    const { rows } = await database.db.query(`select count(distinct xmin::text) from facts where environment = 'i'`)
    expect(rows[0].count).toBeLessThan(10)
  })

  it('goes alone when the deliveries together take the database too long', async () => {
    await database.db.query(`create function too_slow() returns trigger language plpgsql as $$
      begin if (select count(*) from added) > 1 then
        raise exception 'canceling statement due to statement timeout' using errcode = 'query_canceled';
      end if; return null; end $$`)
    await database.db.query(`create trigger too_slow after insert on facts referencing new table as added
      for each statement execute function too_slow()`)
    const ids = Array.from({ length: 20 }, (_, index) => `t${index}`)
    const answers = await Promise.all(
      ids.map((id) => deliver('j', envelopeOf(anEvent('MatchmakingSearching', { tickets: [aTicket(id, [id])] })))),
    )
    await database.db.query('drop trigger too_slow on facts')
    expect(answers.map(({ status }) => status)).toEqual(ids.map(() => 200))
    expect(await factsIn('j')).toBe(20)
  })

  it('leaves nothing behind when the transaction fails half-way', async () => {
    await database.db.query(`create function refuse() returns trigger language plpgsql as $$
      begin if new.environment = 'g' then raise exception 'disk full'; end if; return new; end $$`)
    await database.db.query('create trigger refuse before insert on counters for each row execute function refuse()')
    const envelope = envelopeOf(anEvent('MatchmakingSearching'))
    expect(await deliver('g', envelope)).toMatchObject({ status: 503 })
    expect(await factsIn('g')).toBe(0)
    await database.db.query('drop trigger refuse on counters')
    expect(await deliver('g', envelope)).toEqual({ status: 200, body: { received: 1, added: 1 } })
  })
})
