/** The game's side of the specs: what a studio sets up in GameLift, and what its players do. Through the SDK, like any client. */
import { randomBytes } from 'node:crypto'
import {
  type AcceptanceType,
  AcceptMatchCommand,
  CreateGameSessionQueueCommand,
  CreateMatchmakingConfigurationCommand,
  CreateMatchmakingRuleSetCommand,
  DescribeMatchmakingCommand,
  type GameLiftClient,
  type MatchmakingTicket,
  StartMatchmakingCommand,
  StopMatchmakingCommand,
} from '@aws-sdk/client-gamelift'
import { expect } from '@playwright/test'

/** The emulated fleet may take this long to place a match. */
const STATUS_WITHIN_MS = 20_000

export interface GameSetup {
  /** Seconds players have to answer; without it matches need no acceptance. */
  acceptanceSeconds?: number
  /** Placed by a queue; without it the configuration is standalone. */
  queue?: boolean
  backfill?: 'MANUAL' | 'AUTOMATIC'
  requestTimeoutSeconds?: number
  teams?: { name: string; minPlayers: number; maxPlayers: number }[]
}

export interface Game {
  configuration: string
  /** A name that no other spec, and no other run of this one, uses: `ana-3f2a91`. */
  id(name: string): string
  /** Starts a ticket for these players; resolves with its id once GameLift has taken it. */
  start(ticketId: string, ...playerIds: string[]): Promise<string>
  stop(ticketId: string): Promise<void>
  answer(answer: AcceptanceType, ticketId: string, ...playerIds: string[]): Promise<void>
  describe(ticketId: string): Promise<MatchmakingTicket>
  /** Resolves with the tickets once GameLift says that all have this status. */
  until(status: string, ...ticketIds: string[]): Promise<MatchmakingTicket[]>
}

const DUEL = [
  { name: 'red', minPlayers: 1, maxPlayers: 1 },
  { name: 'blue', minPlayers: 1, maxPlayers: 1 },
]

/** A game of its own: rule set, queue where it needs one, and configuration. Two teams of one unless `teams` says more. */
export async function newGame(gamelift: GameLiftClient, name: string, setup: GameSetup = {}): Promise<Game> {
  const mark = randomBytes(3).toString('hex')
  const configuration = `${name}-${mark}`
  const { teams = DUEL, acceptanceSeconds, queue = false, backfill, requestTimeoutSeconds = 600 } = setup
  await gamelift.send(
    new CreateMatchmakingRuleSetCommand({
      Name: configuration,
      RuleSetBody: JSON.stringify({ ruleLanguageVersion: '1.0', teams }),
    }),
  )
  const queueArn = queue
    ? (await gamelift.send(new CreateGameSessionQueueCommand({ Name: configuration }))).GameSessionQueue
        ?.GameSessionQueueArn
    : undefined
  await gamelift.send(
    new CreateMatchmakingConfigurationCommand({
      Name: configuration,
      RuleSetName: configuration,
      RequestTimeoutSeconds: requestTimeoutSeconds,
      AcceptanceRequired: acceptanceSeconds !== undefined,
      AcceptanceTimeoutSeconds: acceptanceSeconds,
      FlexMatchMode: queue ? 'WITH_QUEUE' : 'STANDALONE',
      GameSessionQueueArns: queueArn ? [queueArn] : undefined,
      BackfillMode: backfill,
    }),
  )

  const describe = async (ticketId: string) => {
    const { TicketList } = await gamelift.send(new DescribeMatchmakingCommand({ TicketIds: [ticketId] }))
    const ticket = TicketList?.[0]
    if (!ticket) throw new Error(`GameLift does not know ${ticketId}.`)
    return ticket
  }
  return {
    configuration,
    id: (of) => `${of}-${mark}`,
    async start(ticketId, ...playerIds) {
      const players = playerIds.map((PlayerId) => ({ PlayerId }))
      const command = { ConfigurationName: configuration, TicketId: ticketId, Players: players }
      await gamelift.send(new StartMatchmakingCommand(command))
      return ticketId
    },
    async stop(ticketId) {
      await gamelift.send(new StopMatchmakingCommand({ TicketId: ticketId }))
    },
    async answer(answer, ticketId, ...playerIds) {
      const command = { TicketId: ticketId, PlayerIds: playerIds, AcceptanceType: answer }
      await gamelift.send(new AcceptMatchCommand(command))
    },
    describe,
    async until(status, ...ticketIds) {
      let tickets: MatchmakingTicket[] = []
      const statuses = async () => {
        tickets = await Promise.all(ticketIds.map(describe))
        return tickets.map((ticket) => ticket.Status)
      }
      await expect.poll(statuses, { timeout: STATUS_WITHIN_MS, intervals: [50] }).toEqual(ticketIds.map(() => status))
      return tickets
    },
  }
}
