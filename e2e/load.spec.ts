import { setTimeout as sleep } from 'node:timers/promises'
import { anEvent, aTicket, envelopeOf, START } from '#lib/flexmatch/testing/builders.ts'
import { type FakeAws, startFakeAws } from '#lib/testing/aws/fake-aws.ts'
import { freePort } from '#lib/testing/free-port.ts'
import { type KillablePostgres, startKillablePostgres } from '#lib/testing/killable-postgres.ts'
import { type Replicas, startReplicas } from '#lib/testing/replicas.ts'
import { ARENA, connectArena, leftInQueue } from './arena.ts'
import { busySeconds } from './busy.ts'
import { expect, test } from './fixtures.ts'

const FULL = process.env.MATCHDESK_FAULTS === 'full'
const SECONDS = process.env.MATCHDESK_LOAD_SECONDS
const SIGNED = { perSecond: FULL ? 300 : 100, seconds: Number(SECONDS ?? (FULL ? 600 : 3)) }
const BURST = { perSecond: FULL ? 2_000 : 500, seconds: Number(SECONDS ?? (FULL ? 60 : 2)) }

test.describe('events come fast', () => {
  let postgres: KillablePostgres
  let aws: FakeAws
  let web: Replicas
  test.beforeAll(async () => {
    postgres = await startKillablePostgres('load')
    aws = await startFakeAws()
    await connectArena(postgres.db, aws)
    web = await startReplicas(1, {
      ...aws.env,
      DATABASE_URL: postgres.url,
      MATCHDESK_DATA_DIR: postgres.dataDir,
      ENGINE_PORT: String(await freePort()), // nobody there
    })
  })
  test.afterAll(async () => {
    await web?.stop()
    await aws?.stop()
    await postgres?.stop()
  })

  test(`as ${SIGNED.perSecond} signed messages of SNS a second, for ${SIGNED.seconds} s: each is checked, stored and answered`, async () => {
    test.setTimeout(60_000 + SIGNED.seconds * 2_000)
    const tookMs: number[] = []
    const statuses = new Map<number, number>()
    const send = async (number: number) => {
      const message = JSON.stringify(aws.sns.notification(JSON.stringify(envelopeAbout(`signed-${number}`))))
      const began = performance.now()
      const response = await fetch(`${web.urls[0]}/api/ingest/${ARENA}/sns`, { method: 'POST', body: message })
      await response.arrayBuffer()
      tookMs.push(performance.now() - began)
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
    }
    await send(0) // its certificate is fetched with the first
    const before = busySeconds(web.pid(0))
    const began = performance.now()
    const sent = await atRate(SIGNED, async (number) => send(number + 1))
    const seconds = (performance.now() - began) / 1_000
    const busy = (busySeconds(web.pid(0)) - before) / seconds
    tookMs.sort((a, b) => a - b)
    const p99 = tookMs[Math.floor(tookMs.length * 0.99)] ?? 0
    console.log(
      `Signed: ${Math.round(sent / seconds)} a second for ${Math.round(seconds)} s, p99 ${Math.round(p99)} ms, ${Math.round(busy * 100)} % of a processor.`,
    )
    expect([...statuses.keys()]).toEqual([200])
    expect(await stored('signed')).toBe(sent + 1)
  })

  test(`as ${BURST.perSecond} messages a second in a queue, for ${BURST.seconds} s: it is empty soon after`, async () => {
    test.setTimeout(60_000 + BURST.seconds * 10_000)
    const began = performance.now()
    const sent = await atRate(BURST, async (number) => {
      aws.sqs.sendMessage('matchmaking', JSON.stringify(envelopeAbout(`burst-${number}`)), { region: aws.region })
    })
    const burstSeconds = (performance.now() - began) / 1_000
    await expect.poll(() => leftInQueue(aws), { timeout: 30_000 + BURST.seconds * 5_000, intervals: [50] }).toBe(0)
    const seconds = (performance.now() - began) / 1_000
    console.log(
      `Burst: ${Math.round(sent / burstSeconds)} a second for ${burstSeconds.toFixed(1)} s; taken at ${Math.round(sent / seconds)} a second, empty ${(seconds - burstSeconds).toFixed(1)} s after the last.`,
    )
    expect(await stored('burst')).toBe(sent)
  })

  async function stored(prefix: string): Promise<number> {
    const { rows } = await postgres.db.query<{ found: number }>(
      `select count(*)::int as found from fact_tickets where environment = $1 and ticket_id like $2`,
      [ARENA, `${prefix}-%`],
    )
    return rows[0]?.found ?? 0
  }

  function envelopeAbout(ticketId: string): object {
    const time = Date.now()
    const tickets = [aTicket(ticketId, [`of-${ticketId}`], time)]
    const event = anEvent('MatchmakingSearching', { id: ticketId, time: time - START, tickets })
    return { ...envelopeOf(event), account: aws.accountId, region: aws.region }
  }
})

/** Resolves with how many were done, when the last of them is. */
async function atRate(
  { perSecond, seconds }: { perSecond: number; seconds: number },
  doOne: (number: number) => Promise<void>,
): Promise<number> {
  const began = performance.now()
  const under = new Set<Promise<void>>()
  let number = 0
  while (number < perSecond * seconds) {
    const due = Math.min(perSecond * seconds, ((performance.now() - began) / 1_000) * perSecond)
    while (number < due) {
      const one: Promise<void> = doOne(number++).finally(() => under.delete(one))
      under.add(one)
    }
    await sleep(5)
  }
  await Promise.all(under)
  return number
}
