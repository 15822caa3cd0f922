import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ROLES, type Role } from '#lib/access/roles.ts'
import { ownPage, personWithRole, testAccess } from '#lib/access/testing/access.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { fixedEnvironments } from '#lib/environments/registry.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import type { ActionResult } from '#lib/flexmatch/result.ts'
import { anEvent, aTicket, envelopeOf } from '#lib/flexmatch/testing/builders.ts'
import { openConfirmation, rotateChannelSecret } from './actions.ts'
import type { RotatedSecret } from './channel-inputs.ts'
import { createKnownSenders } from './eventbridge/known-senders.ts'
import { receiveFromEventBridge } from './eventbridge/receive-eventbridge.ts'
import { confirmAwaited } from './sns/confirmation.ts'

/** The request that Next would keep for an action: all else is real. */
const request = vi.hoisted(() => ({ headers: new Headers() }))
vi.mock('next/headers', () => ({ headers: async () => request.headers }))

const database = testDatabase()
const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:matchmaking'
const PROTECTIONS = ['open', 'guarded', 'protected'] as const
const KEY = Symbol.for('matchdesk.runtime')
const holder = globalThis as { [KEY]?: unknown }

const ofAws = (given: Partial<Environment>) =>
  anEnvironment({
    ...{ kind: 'aws', region: 'eu-central-1', accountId: '111122223333' },
    channels: { sns: { topicArns: [TOPIC] }, sqs: [], eventbridge: true },
    ...given,
  })
const all = [
  ...PROTECTIONS.map((protection) => ofAws({ name: protection, protection })),
  ofAws({ name: 'quiet', label: 'Quiet', channels: { sns: { topicArns: [] }, sqs: [], eventbridge: false } }),
  anEnvironment(),
]
const environments = fixedEnvironments(all)
beforeAll(() => {
  const access = { ...testAccess(database.db), environments }
  holder[KEY] = Promise.resolve({ access, db: database.db, environments })
})
afterAll(() => {
  delete holder[KEY]
})
beforeEach(() => database.db.query('truncate channel_secrets, sns_confirmations'))

async function signIn(role: Role, changes: Record<string, string | null> = {}): Promise<void> {
  const { cookie } = await personWithRole(database.db, role, testAccess(database.db).now())
  request.headers = ownPage(cookie, changes)
}
/** A click with all that is asked along with it. */
const clickIn = (given: { environment?: string }) => {
  const environment = given.environment ?? 'guarded'
  return { requestId: randomUUID(), reason: 'a new sender', environment, confirmation: environment }
}
const rotation = (given: object = {}) => ({
  ...{ ...clickIn(given), channel: 'eventbridge', endOldNow: false },
  ...given,
})
const opening = (given: object = {}) => ({ ...clickIn(given), ...given })
async function auditOf({ requestId }: { requestId: string }) {
  const { rows } = await database.db.query('select * from audit where request_id = $1 order by step', [requestId])
  return rows
}
function done<T>(result: ActionResult<T>): T {
  if (!result.success) throw new Error(result.error.message)
  return result.data
}
/** Whether EventBridge is let in with it. */
async function isGood(secret: string | undefined): Promise<boolean> {
  const door = { db: database.db, environments, knownSenders: createKnownSenders(database.db, Date.now) }
  const event = envelopeOf(anEvent('MatchmakingSearching', { tickets: [aTicket(randomUUID(), ['ada'])] }))
  const headers = { 'x-matchdesk-secret': String(secret) }
  const body = JSON.stringify(event)
  const given = new Request('http://x/', { method: 'POST', headers, body })
  return (await receiveFromEventBridge(door, 'guarded', given)).is !== 'unknown-sender'
}
const makeSecret = async (given: object = {}): Promise<RotatedSecret> => {
  const result: ActionResult<RotatedSecret> = await rotateChannelSecret(rotation(given))
  return done(result)
}

describe.each([
  ['channel.secret', rotateChannelSecret, rotation],
  ['channel.confirm', openConfirmation, opening],
] as const)('the action behind %s', (action, act, click) => {
  it.each(ROLES)(
    'asked by %s: only an administrator is let, wherever it is, and the trail has either',
    async (role) => {
      await signIn(role)
      for (const protection of PROTECTIONS) {
        const input = click({ environment: protection })
        const result = await act(input)
        const allowed = role === 'admin'
        if (allowed) expect(result.success).toBe(true)
        else expect(result).toMatchObject({ success: false, error: { code: 'FORBIDDEN' } })
        expect(await auditOf(input)).toMatchObject([
          { role, environment: protection, protection, action, step: 0, outcome: allowed ? 'done' : 'denied' },
        ])
      }
      const { rows } = await database.db.query(
        'select (select count(*) from channel_secrets) + (select count(*) from sns_confirmations) as made',
      )
      expect(rows[0].made).toBe(role === 'admin' ? PROTECTIONS.length : 0)
    },
  )

  it('asks an administrator why, and for the name of the environment, wherever it is', async () => {
    await signIn('admin')
    for (const environment of PROTECTIONS) {
      for (const missing of [{ reason: '' }, { confirmation: undefined }, { confirmation: 'local' }]) {
        const input = click({ environment, ...missing })
        expect(await act(input)).toMatchObject({ success: false, error: { code: 'INVALID_INPUT' } })
        expect(await auditOf(input)).toMatchObject([{ action, outcome: 'refused' }])
      }
    }
    const { rows } = await database.db.query(
      'select (select count(*) from channel_secrets) + (select count(*) from sns_confirmations) as made',
    )
    expect(rows[0].made).toBe(0)
  })

  it('is not carried out for a page of somebody else, nor for nobody', async () => {
    await signIn('admin', { origin: 'https://evil.example' })
    expect(await act(click())).toMatchObject({ success: false, error: { code: 'CROSS_SITE' } })
    request.headers = ownPage('')
    expect(await act(click())).toMatchObject({ success: false, error: { code: 'NOT_SIGNED_IN' } })
  })

  it('takes nothing it does not know, and no environment that is not there', async () => {
    await signIn('admin')
    expect(await act(click({ secret: 'mine' }))).toMatchObject({ success: false, error: { code: 'INVALID_INPUT' } })
    expect(await act(click({ environment: 'nowhere' }))).toMatchObject({ success: false, error: { code: 'NOT_FOUND' } })
  })
})

describe('changing the secret of a channel', () => {
  beforeEach(() => signIn('admin'))

  it('shows it once: no trail, no table and no repeat of the click has it', async () => {
    const input = rotation()
    const { secret, ...kept } = done<RotatedSecret>(await rotateChannelSecret(input))
    expect(secret).toMatch(/^[\w-]{40,}$/)
    expect(await auditOf(input)).toMatchObject([
      { input: { channel: 'eventbridge', endOldNow: false }, outcome: 'done', outcome_data: kept },
    ])
    expect(JSON.stringify(await auditOf(input))).not.toContain(secret)
    expect(done(await rotateChannelSecret(input))).toEqual(kept)
    const { rows } = await database.db.query('select row_to_json(s)::text as row from channel_secrets s')
    expect(rows).toHaveLength(1)
    expect(rows[0].row).not.toContain(secret)
    expect(await isGood(secret)).toBe(true)
  })

  it('leaves two good for a day; a third ends the first, and a day ends the second', async () => {
    const first = await makeSecret()
    expect(first.endsOldAt).toBeNull()
    const second = await makeSecret()
    const hoursLeft = (Date.parse(String(second.endsOldAt)) - Date.now()) / 3_600_000
    expect(hoursLeft).toBeGreaterThan(23.9)
    expect(hoursLeft).toBeLessThan(24.1)
    expect([await isGood(first.secret), await isGood(second.secret)]).toEqual([true, true])
    const third = await makeSecret()
    expect([await isGood(first.secret), await isGood(second.secret), await isGood(third.secret)]).toEqual([
      false,
      true,
      true,
    ])
    await database.db.query(`update channel_secrets set ends_at = ends_at - interval '23 hours 59 minutes'`)
    expect(await isGood(second.secret)).toBe(true)
    await database.db.query(`update channel_secrets set ends_at = ends_at - interval '1 minute'`)
    expect([await isGood(second.secret), await isGood(third.secret)]).toEqual([false, true])
  })

  it('ends the old ones at once when they became known', async () => {
    const known = [await makeSecret(), await makeSecret()]
    const next = await makeSecret({ endOldNow: true })
    expect(next.endsOldAt).toBeNull()
    for (const { secret } of known) expect(await isGood(secret)).toBe(false)
    expect(await isGood(next.secret)).toBe(true)
  })

  it('is of one channel and one environment', async () => {
    const others = [await makeSecret({ channel: 'webhook' }), await makeSecret({ environment: 'open' })]
    const ours = await makeSecret()
    expect(ours.endsOldAt).toBeNull()
    for (const { secret } of others) expect(await isGood(secret)).toBe(false)
  })

  it('is refused for the local engine, whose secret is given at start', async () => {
    const input = rotation({ environment: 'local', channel: 'webhook' })
    expect(await rotateChannelSecret(input)).toMatchObject({ success: false, error: { code: 'REFUSED' } })
    expect(await auditOf(input)).toMatchObject([{ outcome: 'refused' }])
  })
})

describe('waiting for a subscription', () => {
  const tokens: string[] = []
  beforeEach(async () => {
    tokens.length = 0
    await signIn('admin')
  })
  const snsAsks = (token: string, topicArn = TOPIC) =>
    confirmAwaited(
      database.db,
      async (_, __, given) => {
        tokens.push(given)
        return { is: 'confirmed', subscriptionArn: `${topicArn}:1` }
      },
      all[1] as Environment,
      topicArn,
      token,
    )
  const letPass = (time: string) =>
    database.db.query('update sns_confirmations set ends_at = ends_at - $1::interval', [time])

  it('lasts 15 minutes and says until when; the first that SNS asks for is confirmed, no other', async () => {
    const input = opening()
    const { waitsUntil } = done<{ waitsUntil: string }>(await openConfirmation(input))
    const minutes = (Date.parse(waitsUntil) - Date.now()) / 60_000
    expect(minutes).toBeGreaterThan(14.9)
    expect(minutes).toBeLessThan(15.1)
    expect(await auditOf(input)).toMatchObject([{ outcome: 'done', outcome_data: { waitsUntil } }])
    await letPass('14 minutes 50 seconds')
    expect(await snsAsks('one')).toMatchObject({ is: 'confirmed' })
    expect(await snsAsks('two')).toMatchObject({ is: 'not-awaited' })
    expect(tokens).toEqual(['one'])
  })

  it('ends after 15 minutes, until somebody waits again', async () => {
    await openConfirmation(opening())
    await letPass('15 minutes')
    expect(await snsAsks('late')).toMatchObject({ is: 'not-awaited' })
    await openConfirmation(opening())
    expect(await snsAsks('in time')).toMatchObject({ is: 'confirmed' })
    expect(tokens).toEqual(['in time'])
  })

  it('is begun once by one click, however often it is sent', async () => {
    const input = opening()
    const first = done<{ waitsUntil: string }>(await openConfirmation(input))
    await letPass('15 minutes')
    expect(done(await openConfirmation(input))).toEqual(first)
    expect(await snsAsks('late')).toMatchObject({ is: 'not-awaited' })
  })

  it('is refused where no topic is named', async () => {
    const input = opening({ environment: 'quiet' })
    expect(await openConfirmation(input)).toMatchObject({
      success: false,
      error: { code: 'REFUSED', message: 'Quiet has no SNS topic. Add its ARN to the environment first.' },
    })
    expect(await auditOf(input)).toMatchObject([{ outcome: 'refused' }])
  })
})
