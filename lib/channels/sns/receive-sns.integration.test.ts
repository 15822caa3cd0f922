import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { answerDelivery } from '#lib/channels/answer-delivery.ts'
import { STATUS } from '#lib/channels/answers.ts'
import { openPool } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { fixedEnvironments } from '#lib/environments/registry.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { anEvent, aTicket, envelopeOf } from '#lib/flexmatch/testing/builders.ts'
import { createAuthority } from '#lib/testing/aws/certificates.ts'
import { CertificateUnavailable, createCertificateStore } from './certificates.ts'
import { type Confirmed, confirmAwaited, confirmationsOf, openConfirmations } from './confirmation.ts'
import { SUBSCRIBE_URLS } from './corpora/subscribe-urls.ts'
import { receiveFromSns, type SnsDoor } from './receive-sns.ts'
import { notification, SENT, type SnsBody, signed, subscriptionConfirmation, TOPIC } from './testing/messages.ts'

const database = testDatabase()
const DAYS_MS = 30 * 86_400_000
const sns = createAuthority().issue({
  name: 'sns.amazonaws.com',
  from: new Date(SENT - DAYS_MS),
  until: new Date(SENT + DAYS_MS),
})
const prod = anEnvironment({
  name: 'prod',
  kind: 'aws',
  region: 'eu-central-1',
  accountId: '111122223333',
  channels: { sns: { topicArns: [TOPIC] }, sqs: [], eventbridge: false },
})
const quiet = anEnvironment({ name: 'quiet', kind: 'aws', region: 'eu-central-1', accountId: '111122223333' })

const asked: { topicArn: string; token: string }[] = []
const notes: string[] = []
let confirmed: () => Promise<Confirmed>
beforeEach(() => {
  asked.length = 0
  notes.length = 0
  confirmed = async () => ({ is: 'confirmed', subscriptionArn: `${TOPIC}:1` })
})

function door(changes: Partial<SnsDoor> = {}): SnsDoor {
  const db = changes.db ?? database.db
  return {
    db,
    environments: fixedEnvironments([prod, quiet]),
    certificates: createCertificateStore(
      async () => Buffer.from(sns.pem),
      () => SENT,
    ),
    endpoint: null,
    now: () => SENT + 1_000,
    confirm: (environment, topicArn, token) =>
      confirmAwaited(
        db,
        async () => {
          asked.push({ topicArn, token })
          return confirmed()
        },
        environment,
        topicArn,
        token,
      ),
    onNote: (_, note) => notes.push(note),
    ...changes,
  }
}
function post(body: unknown, headers: Record<string, string> = {}): Request {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return new Request('http://x/', { method: 'POST', body: text, headers: { 'content-type': 'text/plain', ...headers } })
}
async function deliver(body: unknown, given: { to?: string; door?: SnsDoor; headers?: Record<string, string> } = {}) {
  const troubles: unknown[] = []
  const answer = await answerDelivery(
    () => receiveFromSns(given.door ?? door(), given.to ?? 'prod', post(body, given.headers)),
    (error) => troubles.push(error),
  )
  return { ...answer, status: STATUS[answer.is], troubles: troubles.length }
}
const tickets = { next: 0 }
function anEnvelope(changes: Record<string, unknown> = {}) {
  const event = anEvent('MatchmakingSearching', { tickets: [aTicket(`sns-${tickets.next++}`, ['ada'])] })
  return { ...envelopeOf(event), account: '111122223333', region: 'eu-central-1', ...changes }
}
const message = (envelope: unknown, changes: SnsBody = {}) =>
  signed(notification(typeof envelope === 'string' ? envelope : JSON.stringify(envelope), changes), sns.key)
async function count(table: 'facts' | 'set_aside', environment = 'prod'): Promise<number> {
  const { rows } = await database.db.query(`select count(*) from ${table} where environment = $1`, [environment])
  return rows[0].count as number
}

describe('a notification of SNS', () => {
  it('is stored when it is answered with 200, once however often it comes', async () => {
    const before = await count('facts')
    const body = message(anEnvelope())
    expect(await deliver(body)).toMatchObject({ status: 200, is: 'taken' })
    expect(await count('facts')).toBe(before + 1)
    const same = door()
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => deliver(body, { door: same })))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(await count('facts')).toBe(before + 1)
  })

  it('has one effect though SNS brings it again because our answer was late: 500 of 500', async () => {
    const before = await count('facts')
    const messages = Array.from({ length: 500 }, () => message(anEnvelope()))
    const same = door()
    // The first answer is given up before it is there; the work behind it goes on while the message comes again.
    const given = messages.map((body) =>
      answerDelivery(
        () => receiveFromSns(same, 'prod', post(body)),
        () => {},
        0,
      ),
    )
    expect(new Set((await Promise.all(given)).map(({ is }) => STATUS[is]))).toContain(503)
    const again = await Promise.all(messages.map((body) => deliver(body, { door: same })))
    expect(new Set(again.map(({ status }) => status))).toEqual(new Set([200]))
    expect(await count('facts')).toBe(before + 500)
  })

  it('of another topic, account or environment is refused, whatever the headers say', async () => {
    const before = await count('facts')
    const other = TOPIC.replace('111122223333', '444455556666')
    const headers = { 'x-amz-sns-topic-arn': TOPIC, 'x-amz-sns-message-type': 'Notification' }
    const stranger = message(anEnvelope(), { TopicArn: other })
    expect(await deliver(stranger, { headers })).toMatchObject({ status: 403, is: 'foreign' })
    for (const to of ['quiet', 'nowhere', 'local', '__proto__', '']) {
      expect(await deliver(message(anEnvelope()), { to }), to).toMatchObject({ status: 403, is: 'foreign' })
    }
    for (const elsewhere of [{ account: '444455556666' }, { region: 'us-east-1' }, { account: undefined }]) {
      expect(await deliver(message(anEnvelope(elsewhere)))).toMatchObject({ status: 403, is: 'foreign' })
    }
    expect(await count('facts')).toBe(before)
    // Three came from our topic, so they count for the meter; what anybody could send does not.
    const { rows } = await database.db.query(
      "select sum(refused)::int as refused from channel_minutes where environment = 'prod'",
    )
    expect(rows[0].refused).toBe(3)
    // The body alone decides what a message is.
    const confirmation = { 'x-amz-sns-message-type': 'SubscriptionConfirmation', 'x-amz-sns-topic-arn': other }
    expect(await deliver(message(anEnvelope()), { headers: confirmation })).toMatchObject({ status: 200, is: 'taken' })
  })

  it('that cannot be read is refused and set aside, where a person finds it', async () => {
    for (const [index, unreadable] of [
      'no JSON',
      '['.repeat(50),
      anEnvelope({ time: 'noon' }),
      '"text"',
      '{}',
    ].entries()) {
      expect(await deliver(message(unreadable)), `${index}`).toMatchObject({ status: index === 4 ? 403 : 400 })
    }
    expect(await count('set_aside')).toBe(4)
  })

  it('that is too old, forged, too large, too deep or no JSON is refused, and leaves nothing behind', async () => {
    const before = [await count('facts'), await count('set_aside')]
    const good = message(anEnvelope())
    const late = door({ now: () => SENT + 71 * 60_000 })
    expect(await deliver(good, { door: late })).toMatchObject({ status: 403, is: 'old' })
    expect(await deliver({ ...good, Message: good.Message?.replace('ada', 'eve') })).toMatchObject({ is: 'forged' })
    expect(await deliver('x'.repeat(1024 * 1024 + 1))).toMatchObject({ status: 413 })
    expect(await deliver('['.repeat(100_000))).toMatchObject({ status: 400 })
    for (const text of ['', 'x', '7', 'null', '[]']) expect(await deliver(text)).toMatchObject({ status: 400 })
    expect([await count('facts'), await count('set_aside')]).toEqual(before)
  })
})

describe('our own trouble', () => {
  const away = openPool('postgresql://nobody@127.0.0.1:1/nothing', { name: 'tests', max: 1 })
  afterAll(() => away.end())

  it('is 503 whatever it is, and is told to the log', async () => {
    const good = message(anEnvelope())
    const fails = (error: Error) => Promise.reject(error)
    const troubles: Record<string, SnsDoor> = {
      'no database': door({ db: away }),
      'environments cannot be read': door({ environments: { find: () => fails(new Error('no')) } }),
      'no certificate': door({ certificates: { keyFor: () => fails(new CertificateUnavailable('down')) } }),
      'a mistake of ours': door({ certificates: { keyFor: () => fails(new TypeError('undefined')) } }),
      'our clock fails': door({
        now: () => {
          throw new RangeError('clock')
        },
      }),
    }
    for (const [what, given] of Object.entries(troubles)) {
      expect(await deliver(good, { door: given }), what).toMatchObject({ status: 503, troubles: 1 })
    }
    expect(await deliver(good)).toMatchObject({ status: 200, troubles: 0 })
  })
})

describe('a subscription', () => {
  const ask = (changes: SnsBody = {}) => signed(subscriptionConfirmation(changes), sns.key)

  it('is not confirmed while nobody waits for it', async () => {
    expect(await deliver(ask())).toMatchObject({ status: 403, is: 'not-awaited' })
    expect(asked).toEqual([])
  })

  it('is confirmed through the API while somebody waits, once', async () => {
    await openConfirmations(database.db, prod, 'Ada')
    expect(await deliver(ask({ Token: 'abc' }))).toMatchObject({ status: 200, is: 'confirmed' })
    expect(asked).toEqual([{ topicArn: TOPIC, token: 'abc' }])
    expect(await confirmationsOf(database.db, 'prod')).toMatchObject([
      { topicArn: TOPIC, openedBy: 'Ada', waitsUntil: null, subscriptionArn: `${TOPIC}:1`, problem: null },
    ])
    expect(await deliver(ask())).toMatchObject({ status: 403, is: 'not-awaited' })
    expect(asked).toHaveLength(1)
  })

  it('of a topic that is not ours is not confirmed, also while somebody waits', async () => {
    await openConfirmations(database.db, prod, 'Ada')
    expect(await deliver(ask({ TopicArn: `${TOPIC}-2` }))).toMatchObject({ status: 403, is: 'foreign' })
    expect(await deliver(ask(), { to: 'quiet' })).toMatchObject({ status: 403, is: 'foreign' })
    expect(asked).toEqual([])
  })

  it('is not waited for longer than 15 minutes', async () => {
    const until = await openConfirmations(database.db, prod, 'Ada')
    expect(until.getTime() - Date.now()).toBeGreaterThan(14 * 60_000)
    expect(until.getTime() - Date.now()).toBeLessThan(16 * 60_000)
    await database.db.query("update sns_confirmations set ends_at = now() - interval '1 ms'")
    expect(await deliver(ask())).toMatchObject({ status: 403, is: 'not-awaited' })
    expect(asked).toEqual([])
  })

  it(`is never confirmed by opening its address: ${SUBSCRIBE_URLS.length} of them`, async () => {
    expect(new Set(SUBSCRIBE_URLS).size).toBeGreaterThanOrEqual(40)
    const fetched: unknown[] = []
    const given = globalThis.fetch
    globalThis.fetch = async (url) => {
      fetched.push(url)
      return new Response('')
    }
    try {
      for (const SubscribeURL of SUBSCRIBE_URLS) {
        await openConfirmations(database.db, prod, 'Ada')
        asked.length = 0
        await deliver(ask({ SubscribeURL, Token: 'the-token' }))
        expect(asked, SubscribeURL).toEqual([{ topicArn: TOPIC, token: 'the-token' }])
      }
    } finally {
      globalThis.fetch = given
    }
    expect(fetched).toEqual([])
  })

  it('that SNS does not confirm is shown to whoever waits, and asked again only when that can help', async () => {
    await openConfirmations(database.db, prod, 'Ada')
    confirmed = () => Promise.reject(new Error('AuthorizationError'))
    expect(await deliver(ask())).toMatchObject({ status: 503, is: 'sns-unavailable' })
    expect(await confirmationsOf(database.db, 'prod')).toMatchObject([{ problem: 'AuthorizationError' }])
    confirmed = async () => ({ is: 'refused', reason: 'Invalid token' })
    expect(await deliver(ask())).toMatchObject({ status: 403, is: 'not-awaited' })
    expect(await confirmationsOf(database.db, 'prod')).toMatchObject([{ problem: 'Invalid token' }])
  })

  it('that ended is noted and changes nothing', async () => {
    await openConfirmations(database.db, prod, 'Ada')
    expect(await deliver(ask({ Type: 'UnsubscribeConfirmation' }))).toMatchObject({ status: 200, is: 'noted' })
    expect(notes).toEqual(['A subscription was ended'])
    expect(asked).toEqual([])
  })
})
