import { setTimeout as sleep } from 'node:timers/promises'
import {
  AcceptMatchCommand,
  CreateMatchmakingConfigurationCommand,
  CreateMatchmakingRuleSetCommand,
  DescribeMatchmakingCommand,
  GameLiftClient,
  type MatchmakingTicket,
  StartMatchmakingCommand,
} from '@aws-sdk/client-gamelift'
import { afterEach, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import type { MatchmakingDetail } from '#lib/flexmatch/events.ts'
import { type EventReceiver, startEventReceiver } from './testing/event-receiver.ts'
import { startTestEngine, type TestEngine } from './testing/start-test-engine.ts'

const KILLS = 20
const CLIENTS = 6
const database = testDatabase()
const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

it(`loses no acknowledged ticket, answer or event over ${KILLS} kills under load`, async () => {
  const receiver = await startEventReceiver()
  open.push(receiver)
  const targets = [{ name: 'test', url: receiver.url, secret: null, type: 'eventbridge' as const }]
  let engine: TestEngine = await startTestEngine({ databaseUrl: database.url, targets })
  open.push({ close: () => engine.kill() })
  const port = Number(new URL(engine.endpoint).port)
  const client = new GameLiftClient({
    region: 'us-east-1',
    endpoint: engine.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  })
  await createDuel(client)

  const acknowledged = { tickets: new Set<string>(), answers: new Map<string, string>() }
  let loading = true
  const clients = Array.from({ length: CLIENTS }, async (_, number) => {
    for (let turn = 0; loading; turn++) await playOnce(client, `p-${number}-${turn}`, acknowledged)
  })
  for (let kill = 0; kill < KILLS; kill++) {
    await sleep(100 + ((kill * 137) % 500)) // lands in other phases of commit, tick and delivery each time
    await engine.kill()
    engine = await startTestEngine({ databaseUrl: database.url, targets, port })
  }
  loading = false
  await Promise.all(clients)

  expect(acknowledged.tickets.size).toBeGreaterThan(KILLS)
  expect(acknowledged.answers.size).toBeGreaterThan(KILLS)
  expect(await unknownTo(client, [...acknowledged.tickets])).toEqual([])
  await expect
    .poll(() => missingEvents(receiver, acknowledged), { timeout: 20_000, message: 'acknowledged, but told to nobody' })
    .toEqual([])
}, 180_000)

/** Starts a ticket, accepts what is proposed, and notes only what the engine acknowledged. */
async function playOnce(
  client: GameLiftClient,
  playerId: string,
  acknowledged: { tickets: Set<string>; answers: Map<string, string> },
): Promise<void> {
  const TicketId = `t-${playerId}`
  try {
    await client.send(
      new StartMatchmakingCommand({ TicketId, ConfigurationName: 'duel', Players: [{ PlayerId: playerId }] }),
    )
    acknowledged.tickets.add(TicketId)
    for (let look = 0; look < 20; look++) {
      await sleep(20)
      const [ticket] = await describe(client, [TicketId])
      if (ticket?.Status !== 'REQUIRES_ACCEPTANCE') continue
      await client.send(new AcceptMatchCommand({ TicketId, PlayerIds: [playerId], AcceptanceType: 'ACCEPT' }))
      acknowledged.answers.set(playerId, TicketId)
      return
    }
  } catch {
    await sleep(50) // the engine is down, or the match fell apart while it was: nothing was promised
  }
}

async function unknownTo(client: GameLiftClient, ticketIds: string[]): Promise<string[]> {
  const unknown: string[] = []
  for (let from = 0; from < ticketIds.length; from += 10) {
    const asked = ticketIds.slice(from, from + 10)
    const known = new Set((await describe(client, asked)).map((ticket) => ticket.TicketId))
    unknown.push(...asked.filter((id) => !known.has(id)))
  }
  return unknown
}

function missingEvents(
  receiver: EventReceiver,
  acknowledged: { tickets: Set<string>; answers: Map<string, string> },
): string[] {
  const searched = new Set<string>()
  const accepted = new Set<string>()
  for (const { detail } of receiver.envelopes()) {
    const { type, tickets } = detail as MatchmakingDetail
    for (const ticket of tickets ?? []) {
      if (type === 'MatchmakingSearching') searched.add(ticket.ticketId)
      if (type === 'AcceptMatch')
        for (const player of ticket.players) if (player.accepted) accepted.add(player.playerId)
    }
  }
  return [
    ...[...acknowledged.tickets].filter((id) => !searched.has(id)),
    ...[...acknowledged.answers.keys()].filter((id) => !accepted.has(id)).map((id) => `answer of ${id}`),
  ]
}

async function describe(client: GameLiftClient, TicketIds: string[]): Promise<MatchmakingTicket[]> {
  const { TicketList = [] } = await client.send(new DescribeMatchmakingCommand({ TicketIds }))
  return TicketList
}

async function createDuel(client: GameLiftClient): Promise<void> {
  const team = (name: string) => ({ name, minPlayers: 1, maxPlayers: 1 })
  await client.send(
    new CreateMatchmakingRuleSetCommand({
      Name: 'duel',
      RuleSetBody: JSON.stringify({ ruleLanguageVersion: '1.0', teams: [team('red'), team('blue')] }),
    }),
  )
  await client.send(
    new CreateMatchmakingConfigurationCommand({
      Name: 'duel',
      RuleSetName: 'duel',
      RequestTimeoutSeconds: 600,
      AcceptanceRequired: true,
      AcceptanceTimeoutSeconds: 30,
      FlexMatchMode: 'STANDALONE',
    }),
  )
}
