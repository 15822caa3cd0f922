import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { endSession, findPerson, openSession } from './sessions.ts'
import { consumeSignInLink, createSignInLink } from './sign-in-links.ts'

const database = testDatabase()
const HOUR = 3_600_000
const start = new Date('2026-11-20T12:00:00Z')
const later = (ms: number) => new Date(start.getTime() + ms)

async function aPerson() {
  const { rows } = await database.db.query("insert into people (name, role) values ($1, 'qa') returning person_id", [
    randomUUID(),
  ])
  return rows[0].person_id as string
}

describe('a session', () => {
  it('is kept as a hash only: reading the table signs nobody in', async () => {
    const { sessionId } = await openSession(database.db, await aPerson(), start)
    expect(Buffer.from(sessionId, 'base64url')).toHaveLength(32)
    const { rows } = await database.db.query('select encode(id_hash, $1) as kept from sessions', ['base64'])
    for (const { kept } of rows) expect(await findPerson(database.db, kept, start)).toBeNull()
    expect(JSON.stringify(rows)).not.toContain(sessionId)
  })

  it('ends after 12 hours without a visit, and a visit keeps it', async () => {
    const { sessionId } = await openSession(database.db, await aPerson(), start)
    expect(await findPerson(database.db, sessionId, later(11.9 * HOUR))).toMatchObject({ role: 'qa' })
    expect(await findPerson(database.db, sessionId, later(23.8 * HOUR))).not.toBeNull()
    expect(await findPerson(database.db, sessionId, later(35.9 * HOUR))).toBeNull()
  })

  it('is not kept alive by checks that are no visits', async () => {
    const { sessionId } = await openSession(database.db, await aPerson(), start)
    expect(await findPerson(database.db, sessionId, later(11 * HOUR), { visit: false })).not.toBeNull()
    expect(await findPerson(database.db, sessionId, later(12.1 * HOUR), { visit: false })).toBeNull()
  })

  it('ends after seven days whatever happens', async () => {
    const { sessionId } = await openSession(database.db, await aPerson(), start)
    for (let hours = 10; hours < 7 * 24; hours += 10) {
      expect(await findPerson(database.db, sessionId, later(hours * HOUR))).not.toBeNull()
    }
    expect(await findPerson(database.db, sessionId, later(7 * 24 * HOUR))).toBeNull()
  })

  it('follows a change of role at once, and ends at once for whoever is disabled or signs out', async () => {
    const personId = await aPerson()
    const { sessionId } = await openSession(database.db, personId, start)
    await database.db.query("update people set role = 'viewer' where person_id = $1", [personId])
    expect(await findPerson(database.db, sessionId, start)).toMatchObject({ role: 'viewer' })
    await database.db.query('update people set disabled_at = now() where person_id = $1', [personId])
    expect(await findPerson(database.db, sessionId, start)).toBeNull()
    await database.db.query('update people set disabled_at = null where person_id = $1', [personId])
    await endSession(database.db, sessionId)
    expect(await findPerson(database.db, sessionId, start)).toBeNull()
  })

  it('is nobody for an id that was made up, empty or absurdly long', async () => {
    for (const id of [undefined, '', 'nobody', 'x'.repeat(100_000)]) {
      expect(await findPerson(database.db, id, start)).toBeNull()
    }
  })
})

describe('a sign-in link', () => {
  const link = (name: string, ttlSeconds = 60) =>
    createSignInLink(database.db, { role: 'operator', name, ttlSeconds, now: start })

  it('signs its person in once', async () => {
    const name = randomUUID()
    const token = await link(name)
    const use = await consumeSignInLink(database.db, token, start)
    if (!use.accepted) throw new Error(use.because)
    expect(await findPerson(database.db, use.sessionId, start)).toMatchObject({ name, role: 'operator' })
    expect(await consumeSignInLink(database.db, token, start)).toEqual({ accepted: false, because: 'used' })
  })

  it('lets exactly one of many uses at once in', async () => {
    const token = await link(randomUUID())
    const uses = await Promise.all(Array.from({ length: 8 }, () => consumeSignInLink(database.db, token, start)))
    expect(uses.filter((use) => use.accepted)).toHaveLength(1)
  })

  it('expires, and an unknown one is unknown', async () => {
    const token = await link(randomUUID(), 60)
    expect(await consumeSignInLink(database.db, token, later(60_000))).toEqual({ accepted: false, because: 'expired' })
    expect(await consumeSignInLink(database.db, 'made-up', start)).toEqual({ accepted: false, because: 'unknown' })
  })

  it('gives a person who is known already the new role', async () => {
    const name = randomUUID()
    await link(name)
    const token = await createSignInLink(database.db, { role: 'viewer', name, ttlSeconds: 60, now: start })
    const use = await consumeSignInLink(database.db, token, start)
    if (!use.accepted) throw new Error(use.because)
    expect(await findPerson(database.db, use.sessionId, start)).toMatchObject({ name, role: 'viewer' })
  })

  it('leaves a row in the audit trail for each use, also a refused one', async () => {
    const name = randomUUID()
    const token = await link(name)
    await consumeSignInLink(database.db, token, start)
    await consumeSignInLink(database.db, token, start)
    const { rows } = await database.db.query(
      "select outcome from audit where person_name = $1 and action = 'own.sign-in' order by audit_id",
      [name],
    )
    expect(rows).toEqual([{ outcome: 'done' }, { outcome: 'denied' }])
  })
})
