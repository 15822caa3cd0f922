import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { meter } from '#lib/integrity/meter.ts'
import { startKillablePostgres } from '#lib/testing/killable-postgres.ts'
import { countTickets, readCounters } from '#lib/tickets/testing/index-dump.ts'
import { ARENA, differingTickets, leftInQueue, startArena } from './arena.ts'
import { expect, test } from './fixtures.ts'

const REPLICAS = 3
/** Where there is not the time for all tickets: as many as these seconds bring. */
const MOST_PLAY_MS = Number(process.env.MATCHDESK_FAULTS_SECONDS ?? 86_400) * 1_000
/** Copies of events. Players wait for them, so that kills fall among deliveries all the time. */
const MOST_UNDER_WAY = 10_000
const FULL = process.env.MATCHDESK_FAULTS === 'full'
const SIZE = FULL
  ? {
      tickets: Number(process.env.MATCHDESK_FAULTS_TICKETS ?? 50_000),
      atOnce: 60,
      killEveryMs: 10_000,
      databaseKills: 10,
      settleMs: 900_000,
      tolerance: 0.1,
      lateTolerance: 0.1,
    }
  : {
      tickets: 1_000,
      atOnce: 12,
      killEveryMs: 4_000,
      databaseKills: 1,
      settleMs: 90_000,
      tolerance: 0.25,
      lateTolerance: 0.5,
    }
const CHANNELS = ['eventbridge', 'sns', 'sqs'] as const

test(`${SIZE.tickets} tickets over three bad channels end right, through kills of replicas and PostgreSQL`, async () => {
  test.setTimeout(FULL ? 3_600_000 : 240_000)
  const since = new Date()
  const postgres = await startKillablePostgres('faults')
  const arena = await startArena(postgres, {
    replicas: REPLICAS,
    aws: { options: { tickMs: 200 }, faults: { dropPercent: 1, repeatPercent: 2, shuffleMs: 3_000 } },
  })
  const { aws, replicas, traffic } = arena
  const progress = setInterval(sayHowFar, 30_000)
  try {
    let playing = true
    const took = stopwatch()
    const kills = killInTurn(() => playing)
    const until = performance.now() + MOST_PLAY_MS
    await traffic.play(SIZE.tickets, SIZE.atOnce, async () => {
      while (aws.bus.underWay() > MOST_UNDER_WAY) await sleep(50)
      return performance.now() < until
    })
    playing = false
    const killed = await kills
    took('played')

    await expect.poll(() => differing(), { timeout: SIZE.settleMs, intervals: [FULL ? 10_000 : 1_000] }).toEqual([])
    await aws.bus.settled()
    await expect.poll(() => leftInQueue(aws), { timeout: SIZE.settleMs }).toBe(0)
    await sleep(2_000) // the last of them are deleted after their commit
    expect(await differing()).toEqual([])
    took('settled')

    const truth = aws.truth()
    const { rows } = await postgres.db.query<{ kept: number }>(
      `select count(*)::int as kept from facts where environment = $1 and source = 'event'`,
      [ARENA],
    )
    expect(truth.refused).toEqual({ eventbridge: 0, sns: 0, sqs: 0 })
    expect(rows[0]?.kept, 'each event that was taken is one fact').toBe(truth.reached)
    expect(await readCounters(postgres.db, ARENA)).toEqual(await countTickets(postgres.db, ARENA))
    const { channels } = await meter(postgres.db, ARENA, since, null)
    const compared = CHANNELS.map((name) => {
      const { missing, repeated, late } = channels.find(({ channel }) => channel === name) ?? {}
      return {
        name,
        missing,
        dropped: truth.dropped[name],
        repeated,
        sentTwice: truth.repeated[name],
        unknown: truth.unknown[name],
        late,
        truthLate: truth.late[name],
      }
    })
    const { events, reached } = truth
    console.log(
      JSON.stringify(
        {
          tickets: traffic.ticketIds.length,
          events,
          reached,
          killed,
          seconds: took.seconds,
          balancer: replicas.balancer,
          compared,
        },
        null,
        1,
      ),
    )
    // In all: which channel brought an event first is not the same at the bus and at the door, most of all of a queue.
    const sum = (counts: (number | undefined)[]) => counts.reduce<number>((all, count = 0) => all + count, 0)
    const lateInTruth = sum(compared.map(({ truthLate }) => truthLate))
    const lateByMeter = sum(compared.map(({ late }) => late))
    expect(Math.abs(lateByMeter - lateInTruth)).toBeLessThanOrEqual(lateInTruth * SIZE.lateTolerance)
    for (const { name, missing, dropped, repeated = 0, sentTwice, unknown } of compared) {
      expect(missing, `missing by ${name}`).toBe(dropped)
      expect(repeated, `repeated by ${name}`).toBeGreaterThanOrEqual(sentTwice * (1 - SIZE.tolerance))
      if (name !== 'sqs') expect(repeated).toBeLessThanOrEqual((sentTwice + unknown) * (1 + SIZE.tolerance))
    }
  } finally {
    clearInterval(progress)
    await arena.stop()
    fs.writeFileSync('.test-data/results/faults.log', replicas.log())
    await postgres.stop()
  }

  /** For whoever watches a run that takes minutes. */
  function sayHowFar(): void {
    const { events, reached } = aws.truth()
    console.log(
      `${traffic.ticketIds.length} tickets, ${events} events, ${reached} of them taken, ${leftInQueue(aws)} in the queue.`,
    )
  }

  async function killInTurn(goOn: () => boolean): Promise<{ replicas: number; databases: number }> {
    let kill = 0
    for (; goOn(); kill++) {
      await sleep(SIZE.killEveryMs / 2)
      await replicas.end(kill % REPLICAS)
      await sleep(SIZE.killEveryMs / 2)
      if (kill < SIZE.databaseKills) {
        await postgres.kill()
        await sleep(500)
        await postgres.start()
      }
      await replicas.start(kill % REPLICAS)
    }
    return { replicas: kill, databases: Math.min(kill, SIZE.databaseKills) }
  }

  async function differing(): Promise<string[]> {
    return differingTickets(postgres.db, await traffic.statuses())
  }
})

/** Seconds from the beginning to each mark. */
function stopwatch() {
  const begun = performance.now()
  const seconds: Record<string, number> = {}
  const mark = (name: string) => {
    seconds[name] = Math.round((performance.now() - begun) / 1_000)
  }
  return Object.assign(mark, { seconds })
}
