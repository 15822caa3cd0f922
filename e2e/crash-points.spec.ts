import {
  CreateMatchmakingConfigurationCommand,
  CreateMatchmakingRuleSetCommand,
  DescribeMatchmakingCommand,
  GameLiftClient,
  StartMatchmakingCommand,
} from '@aws-sdk/client-gamelift'
import type { Page } from '@playwright/test'
import { createSignInLink } from '#lib/access/sign-in-links.ts'
import type { FakeAws } from '#lib/testing/aws/fake-aws.ts'
import { type BusChannel, CHANNELS } from '#lib/testing/aws/fault-plan.ts'
import { type DatabaseLine, type StatementMoment, startDatabaseLine } from '#lib/testing/database-line.ts'
import { startKillablePostgres } from '#lib/testing/killable-postgres.ts'
import { settleAbandoned } from '#lib/tickets/abandoned.ts'
import { countTickets, readCounters } from '#lib/tickets/testing/index-dump.ts'
import { ARENA, differingTickets, leftInQueue, startArena } from './arena.ts'
import { expect, test } from './fixtures.ts'
import { heading, sayWhy } from './screen.ts'

const FULL = process.env.MATCHDESK_FAULTS === 'full'
const ROUNDS = FULL ? Number(process.env.MATCHDESK_FAULTS_ROUNDS ?? 10) : 1
/** Longer than a process that was killed keeps messages of the queue. */
const SETTLE_MS = 90_000
/** A queue is emptied again when the lease of the process that died has ended. */
const COMES_WITHIN_MS = 40_000

interface Point {
  name: string
  /** Who makes the moment come: events of a game, or somebody's click. */
  by: 'events' | 'cancel' | 'accept'
  /** The channel of the events; a different one each round when left out. */
  way?: BusChannel
  /** Of these the usual run picks its points. */
  small?: true
  /** Calls `kill` once, in that moment. */
  arm(kill: () => void, on: { line: DatabaseLine; aws: FakeAws }): void
}

const statement = (moment: StatementMoment): Point['arm'] => {
  return (kill, { line }) => line.stopAt(moment, kill)
}
const gameLift = (wanted: string, at: 'received' | 'carried out'): Point['arm'] => {
  return (kill, { aws }) =>
    aws.gamelift.watch(onceAt((operation, moment) => operation === wanted && moment === at, kill))
}
const sqs = (wanted: string, at: 'received' | 'carried out'): Point['arm'] => {
  return (kill, { aws }) =>
    aws.sqsDoor.watch(
      onceAt((operation, moment, messages) => operation === wanted && moment === at && Number(messages) > 0, kill),
    )
}
/** What was to go on after that moment does not. */
function onceAt(is: (...args: unknown[]) => boolean, kill: () => void) {
  let over = false
  return (...args: unknown[]) => {
    if (over || !is(...args)) return
    over = true
    kill()
    throw new Error('The process that asked was killed.')
  }
}

const FACTS = 'insert into facts'
const COMMIT = 'commit\0'
const POINTS: Point[] = [
  { name: 'events are being written', by: 'events', arm: statement({ statement: FACTS, at: 'received' }) },
  { name: 'NOTIFY is sent', by: 'events', arm: statement({ statement: 'pg_notify', after: FACTS, at: 'carried out' }) },
  {
    name: 'a commit of events is about to be sent',
    by: 'events',
    arm: statement({ statement: COMMIT, after: FACTS, at: 'received' }),
  },
  {
    name: 'a commit of events is sent',
    by: 'events',
    arm: statement({ statement: COMMIT, after: FACTS, at: 'carried out' }),
  },
  {
    name: 'a commit of events is answered',
    by: 'events',
    small: true,
    arm: statement({ statement: COMMIT, after: FACTS, at: 'answered' }),
  },
  { name: 'messages of the queue are in hand', by: 'events', way: 'sqs', arm: sqs('ReceiveMessage', 'carried out') },
  {
    name: 'DeleteMessageBatch is about to be sent',
    by: 'events',
    way: 'sqs',
    arm: sqs('DeleteMessageBatch', 'received'),
  },
  {
    name: 'DeleteMessageBatch is carried out',
    by: 'events',
    way: 'sqs',
    arm: sqs('DeleteMessageBatch', 'carried out'),
  },
  { name: 'DescribeMatchmaking is answered', by: 'events', arm: gameLift('DescribeMatchmaking', 'carried out') },
  { name: 'a lease is renewed', by: 'events', arm: statement({ statement: 'insert into leases', at: 'answered' }) },
  {
    name: 'the intent of a cancel is about to be written',
    by: 'cancel',
    arm: statement({ statement: 'insert into audit', at: 'received' }),
  },
  {
    name: 'the intent of a cancel is on disk',
    by: 'cancel',
    arm: statement({ statement: 'insert into audit', at: 'answered' }),
  },
  { name: 'StopMatchmaking is about to be carried out', by: 'cancel', arm: gameLift('StopMatchmaking', 'received') },
  {
    name: 'StopMatchmaking is carried out',
    by: 'cancel',
    small: true,
    arm: gameLift('StopMatchmaking', 'carried out'),
  },
  {
    name: 'a cancel is being shown as requested',
    by: 'cancel',
    arm: statement({ statement: 'update tickets set requests', at: 'carried out' }),
  },
  {
    name: 'the outcome of a cancel is about to be written',
    by: 'cancel',
    arm: statement({ statement: 'update audit set outcome = $2', at: 'received' }),
  },
  {
    name: 'the outcome of a cancel is on disk',
    by: 'cancel',
    arm: statement({ statement: 'update audit set outcome = $2', at: 'answered' }),
  },
  { name: 'AcceptMatch is about to be carried out', by: 'accept', arm: gameLift('AcceptMatch', 'received') },
  { name: 'AcceptMatch is carried out', by: 'accept', small: true, arm: gameLift('AcceptMatch', 'carried out') },
  {
    name: 'the outcome of an accept is on disk',
    by: 'accept',
    arm: statement({ statement: 'update audit set outcome = $2', at: 'answered' }),
  },
]
const CHOSEN = FULL ? POINTS : POINTS.filter(({ small }) => small)

test(`the web process is killed at ${CHOSEN.length} named moments, ${ROUNDS} times: nothing is lost, and no effect happens twice`, async ({
  browser,
}) => {
  test.setTimeout(120_000 + CHOSEN.length * ROUNDS * 40_000)
  const postgres = await startKillablePostgres('crash-points')
  const line = await startDatabaseLine(postgres.url)
  const arena = await startArena(postgres, { replicas: 1, databaseUrl: line.url, aws: { options: { tickMs: 100 } } })
  const { aws, replicas, traffic } = arena
  const people = await createPeople(aws)
  const context = await browser.newContext({ baseURL: replicas.url, storageState: { cookies: [], origins: [] } })
  const clicked: { point: string; call: string; ticketId: string }[] = []
  try {
    const page = await context.newPage()
    await page.goto(
      `/sign-in?token=${await createSignInLink(postgres.db, { role: 'admin', name: 'ada', ttlSeconds: 600 })}`,
    )
    await expect(page).toHaveURL(/\/local$/)
    for (let round = 0; round < ROUNDS; round++) {
      for (const [index, point] of CHOSEN.entries()) {
        // By one way only, so that no other brings what this one lost.
        const way = point.way ?? CHANNELS[(round + index) % CHANNELS.length]
        aws.plan({ channels: point.by === 'events' && way ? [way] : CHANNELS })
        await test.step(`${point.name} (${round + 1})`, async () => {
          const killed = Promise.withResolvers<void>()
          const kill = () => {
            process.kill(replicas.pid(0), 'SIGKILL')
            killed.resolve()
          }
          const arm = () => point.arm(kill, { line, aws })
          if (point.by === 'events') {
            arm()
            let playing = true
            const playedOn = (async () => {
              while (playing) await traffic.play(10, 5)
            })()
            await within(COMES_WITHIN_MS, killed.promise, `Nobody came to: ${point.name}`)
            playing = false
            await playedOn
          } else {
            const ticketId = await people[point.by === 'cancel' ? 'waiting' : 'asked']()
            const call = point.by === 'cancel' ? 'StopMatchmaking' : 'AcceptMatch'
            clicked.push({ point: point.name, call, ticketId })
            await openTicketOf(page, ticketId, point.by)
            if (point.by === 'cancel') {
              await page.getByRole('button', { name: 'Cancel ticket' }).click()
              await sayWhy(page)
              arm()
              await page.getByRole('dialog').getByRole('button', { name: 'Cancel ticket' }).click()
            } else {
              await page.getByRole('button', { name: /^Accept for player/ }).click()
              await sayWhy(page)
              arm()
              await page.keyboard.press('Enter')
            }
            await within(COMES_WITHIN_MS, killed.promise, `Nobody came to: ${point.name}`)
            // Whoever clicked is told the truth: nobody knows.
            await expect(
              page.getByRole('dialog').getByText('No answer came, so it is not known whether this was carried out.'),
            ).toBeVisible()
          }
          await replicas.end(0)
          await replicas.start(0)
        })
      }
    }

    await expect.poll(() => differing(), { timeout: SETTLE_MS, intervals: [1_000] }).toEqual([])
    await aws.bus.settled()
    if (FULL) await expect.poll(() => leftInQueue(aws), { timeout: SETTLE_MS }).toBe(0)
    const { rows } = await postgres.db.query<{ kept: number }>(
      `select count(*)::int as kept from facts where environment = $1 and source = 'event'`,
      [ARENA],
    )
    const truth = aws.truth()
    expect(rows[0]?.kept, 'each event is one fact').toBe(truth.events)
    expect(truth.refused).toEqual({ eventbridge: 0, sns: 0, sqs: 0 })
    expect(await readCounters(postgres.db, ARENA)).toEqual(await countTickets(postgres.db, ARENA))

    // As the process does by itself once it is sure that nobody is carrying it out any more.
    await settleAbandoned(postgres.db, new Date(Date.now() + 100_000))
    for (const { point, call, ticketId } of clicked) {
      const effects = aws.gamelift.calls.filter(
        (each) => each.operation === call && each.ticketId === ticketId && each.answer === 'answered',
      ).length
      const { rows: trail } = await postgres.db.query<{ outcome: string | null; step: number }>(
        'select outcome, step from audit where environment = $1 and target = $2 order by step',
        [ARENA, ticketId],
      )
      const of = `${point}: ${effects} effects, ${JSON.stringify(trail)}`
      expect(effects, of).toBeLessThanOrEqual(1)
      // No effect without an intent, none said to be done without an effect, and none left open.
      if (effects === 1) expect(trail.length, of).toBeGreaterThan(0)
      if (trail.some(({ outcome }) => outcome === 'done')) expect(effects, of).toBe(1)
      for (const { outcome } of trail) expect(['done', 'unknown'], of).toContain(outcome)
    }
    console.log(
      `${CHOSEN.length * ROUNDS} kills at ${CHOSEN.length} moments; ${traffic.ticketIds.length + clicked.length} tickets, ${truth.events} events.`,
    )
  } finally {
    await context.close()
    people.close()
    await arena.stop()
    line.close()
    await postgres.stop()
  }

  async function differing(): Promise<string[]> {
    const statuses = await traffic.statuses()
    for (const { ticketId } of clicked) statuses.set(ticketId, await people.statusOf(ticketId))
    return differingTickets(postgres.db, statuses)
  }
})

async function openTicketOf(page: Page, ticketId: string, by: 'cancel' | 'accept'): Promise<void> {
  await expect(async () => {
    await page.goto(`/${ARENA}/tickets/${ticketId}`)
    await expect(heading(page)).toContainText(by === 'cancel' ? 'Searching' : 'Needs acceptance', { timeout: 2_000 })
  }).toPass({ timeout: 20_000 })
}

/** Tickets for an operator to act on: nothing ends them by itself while a test goes on. */
async function createPeople(aws: FakeAws) {
  const gamelift = new GameLiftClient({
    endpoint: aws.engine.endpoint,
    region: aws.region,
    credentials: { accessKeyId: 'game', secretAccessKey: 'game' },
  })
  const create = async (name: string, players: number, acceptance: boolean) => {
    const team = (color: string) => ({ name: color, minPlayers: players, maxPlayers: players })
    const RuleSetBody = JSON.stringify({ ruleLanguageVersion: '1.0', teams: [team('red'), team('blue')] })
    await gamelift.send(new CreateMatchmakingRuleSetCommand({ Name: name, RuleSetBody }))
    await gamelift.send(
      new CreateMatchmakingConfigurationCommand({
        Name: name,
        RuleSetName: name,
        RequestTimeoutSeconds: 7_200,
        AcceptanceRequired: acceptance,
        ...(acceptance ? { AcceptanceTimeoutSeconds: 600 } : {}),
        FlexMatchMode: 'STANDALONE',
      }),
    )
  }
  await create('waiting', 20, false)
  await create('asked', 1, true)
  let made = 0
  const start = async (ConfigurationName: string) => {
    const TicketId = `${ConfigurationName}-${++made}`
    const Players = [{ PlayerId: `player-of-${TicketId}` }]
    await gamelift.send(new StartMatchmakingCommand({ TicketId, ConfigurationName, Players }))
    return TicketId
  }
  return {
    waiting: () => start('waiting'),
    async asked() {
      await start('asked')
      return start('asked')
    },
    async statusOf(ticketId: string) {
      const { TicketList = [] } = await gamelift.send(new DescribeMatchmakingCommand({ TicketIds: [ticketId] }))
      return String(TicketList[0]?.Status)
    },
    close: () => gamelift.destroy(),
  }
}

async function within(ms: number, wanted: Promise<void>, else_: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(else_)), ms)
  })
  await Promise.race([wanted, late]).finally(() => clearTimeout(timer))
}
