import { describe, expect, it } from 'vitest'
import { answerDelivery } from '#lib/channels/answer-delivery.ts'
import { STATUS } from '#lib/channels/answers.ts'
import { openPool } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { fixedEnvironments } from '#lib/environments/registry.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { anEvent, aTicket, envelopeOf } from '#lib/flexmatch/testing/builders.ts'
import { createKnownSenders } from './known-senders.ts'
import { type EventBridgeDoor, receiveFromEventBridge } from './receive-eventbridge.ts'
import { makeSecret, secretsOf, secretTimes } from './secrets.ts'

const database = testDatabase()
const real = { kind: 'aws', region: 'eu-central-1', accountId: '111122223333' } as const
const channels = { sns: { topicArns: [] }, sqs: [], eventbridge: true }
const environments = fixedEnvironments([
  anEnvironment({ ...real, name: 'prod', channels }),
  anEnvironment({ ...real, name: 'other', channels }),
  anEnvironment({ ...real, name: 'without' }),
])
function door(db = database.db): EventBridgeDoor {
  return { db, environments, knownSenders: createKnownSenders(db, Date.now) }
}

async function deliver(
  body: unknown,
  headers: Record<string, string>,
  given: { to?: string; door?: EventBridgeDoor; query?: string } = {},
) {
  const request = new Request(`http://x/${given.query ?? ''}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const answer = await answerDelivery(
    () => receiveFromEventBridge(given.door ?? door(), given.to ?? 'prod', request),
    () => {},
  )
  return STATUS[answer.is]
}
let made = 0
function anEnvelope(changes: Record<string, unknown> = {}) {
  const event = anEvent('MatchmakingSearching', { tickets: [aTicket(`bus-${made++}`, ['ada'])] })
  return { ...envelopeOf(event), account: '111122223333', region: 'eu-central-1', ...changes }
}
async function count(table: 'facts' | 'set_aside', environment: string): Promise<number> {
  const { rows } = await database.db.query(`select count(*) from ${table} where environment = $1`, [environment])
  return rows[0].count as number
}
const knowing = (secret: string) => ({ 'x-matchdesk-secret': secret })

describe('an API destination of EventBridge', () => {
  it('delivers with the secret of the environment, in either header', async () => {
    const { secret } = await makeSecret(database.db, 'prod', 'eventbridge')
    expect(await deliver(anEnvelope(), knowing(secret))).toBe(200)
    expect(await deliver(anEnvelope(), { authorization: `Bearer ${secret}` })).toBe(200)
    expect(await count('facts', 'prod')).toBe(2)
  })

  it('is told 401 without it, with a wrong one, and with that of another environment or channel', async () => {
    const { secret } = await makeSecret(database.db, 'prod', 'eventbridge')
    const other = await makeSecret(database.db, 'other', 'eventbridge')
    const sns = await makeSecret(database.db, 'prod', 'webhook')
    const before = await count('facts', 'prod')
    for (const wrong of ['', 'x', secret.slice(0, -1), `${secret}x`, secret.toUpperCase(), other.secret, sns.secret]) {
      expect(await deliver(anEnvelope(), knowing(wrong)), wrong).toBe(401)
    }
    expect(await deliver(anEnvelope(), {})).toBe(401)
    expect(await deliver(anEnvelope(), {}, { query: `?secret=${secret}&x-matchdesk-secret=${secret}` })).toBe(401)
    expect(await deliver(anEnvelope({ secret, 'x-matchdesk-secret': secret }), {})).toBe(401)
    expect(await deliver(anEnvelope(), { cookie: `x-matchdesk-secret=${secret}` })).toBe(401)
    for (const to of ['other', 'nowhere', 'local', '', '__proto__']) {
      expect(await deliver(anEnvelope(), knowing(secret), { to }), to).toBe(401)
    }
    expect(await count('facts', 'prod')).toBe(before)
  })

  it('may not deliver what is of another account or region, or anything that is not of GameLift', async () => {
    const { secret } = await makeSecret(database.db, 'prod', 'eventbridge')
    const before = await count('facts', 'prod')
    for (const foreign of [
      { account: '444455556666' },
      { account: 111122223333 },
      { account: undefined },
      { region: 'us-east-1' },
    ]) {
      expect(await deliver(anEnvelope(foreign), knowing(secret)), JSON.stringify(foreign)).toBe(403)
    }
    for (const odd of [
      { source: 'my.game' },
      { source: 'aws.gamelift.evil' },
      { 'detail-type': 'EC2 State' },
      { time: 'noon' },
    ]) {
      expect(await deliver(anEnvelope(odd), knowing(secret)), JSON.stringify(odd)).toBe(400)
    }
    expect(await deliver('no JSON', knowing(secret))).toBe(400)
    expect(await count('facts', 'prod')).toBe(before)
    expect(await count('set_aside', 'prod')).toBe(5)
  })

  it('may not deliver to an environment that has no such channel, though it knew a secret once', async () => {
    const { secret } = await makeSecret(database.db, 'without', 'eventbridge')
    expect(await deliver(anEnvelope(), knowing(secret), { to: 'without' })).toBe(403)
  })

  it('loses nothing while one secret replaces another, though many deliver with both', async () => {
    const one = door()
    let { secret } = await makeSecret(database.db, 'prod', 'eventbridge', { endOldNow: true })
    const before = await count('facts', 'prod')
    for (let change = 0; change < 5; change++) {
      const old = secret
      const delivered = Array.from({ length: 10 }, () => deliver(anEnvelope(), knowing(old), { door: one }))
      const next = await makeSecret(database.db, 'prod', 'eventbridge')
      secret = next.secret
      expect((next.endsOldAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(23 * 3_600_000)
      delivered.push(deliver(anEnvelope(), knowing(old), { door: one }))
      delivered.push(deliver(anEnvelope(), knowing(secret), { door: one }))
      expect(new Set(await Promise.all(delivered))).toEqual(new Set([200]))
    }
    expect(await count('facts', 'prod')).toBe(before + 60)
  })

  it('knows at most two secrets, and only their hashes are kept', async () => {
    const secrets: string[] = []
    for (let each = 0; each < 3; each++) secrets.push((await makeSecret(database.db, 'prod', 'eventbridge')).secret)
    expect(await secretsOf(database.db, 'prod', 'eventbridge')).toHaveLength(2)
    expect(await secretTimes(database.db, 'prod', 'eventbridge')).toMatchObject([
      { endsAt: null },
      { endsAt: expect.any(Date) },
    ])
    expect(await deliver(anEnvelope(), knowing(secrets[0] ?? ''))).toBe(401)
    expect(await deliver(anEnvelope(), knowing(secrets[1] ?? ''))).toBe(200)
    const { rows } = await database.db.query('select row_to_json(s)::text as row from channel_secrets s')
    for (const secret of secrets) expect(rows.map(({ row }) => row).join()).not.toContain(secret)
  })

  it('knows no secret that has ended, at once or in its time', async () => {
    const old = await makeSecret(database.db, 'prod', 'eventbridge')
    const { endsOldAt } = await makeSecret(database.db, 'prod', 'eventbridge', { endOldNow: true })
    expect(endsOldAt).toBeNull()
    expect(await deliver(anEnvelope(), knowing(old.secret))).toBe(401)
    const { secret } = await makeSecret(database.db, 'prod', 'eventbridge')
    await database.db.query("update channel_secrets set ends_at = now() - interval '1 ms'")
    expect(await deliver(anEnvelope(), knowing(secret))).toBe(401)
    // A replica that had just seen it good forgets it in two seconds.
    const kept = { now: 0 }
    const knownSenders = createKnownSenders(database.db, () => kept.now)
    const last = await makeSecret(database.db, 'prod', 'eventbridge', { endOldNow: true })
    expect(await knownSenders(new Headers(knowing(last.secret)), 'prod', 'eventbridge')).toBe(true)
    await makeSecret(database.db, 'prod', 'eventbridge', { endOldNow: true })
    kept.now = 2_001
    expect(await knownSenders(new Headers(knowing(last.secret)), 'prod', 'eventbridge')).toBe(false)
  })

  it('is told 503 while the database is away, before and after its secret was seen', async () => {
    const away = openPool('postgresql://nobody@127.0.0.1:1/nothing', { name: 'tests', max: 1 })
    expect(await deliver(anEnvelope(), knowing('x'.repeat(20)), { door: door(away) })).toBe(503)
    const seen = { ...door(away), knownSenders: async () => true }
    expect(await deliver(anEnvelope(), knowing('x'.repeat(20)), { door: seen })).toBe(503)
    await away.end()
  })
})
