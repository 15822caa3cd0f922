/** The one door to GameLift: translate and call. AWS or the local engine, only the endpoint and credentials differ. */
import {
  AcceptMatchCommand,
  DescribeGameSessionQueuesCommand,
  DescribeGameSessionsCommand,
  DescribeMatchmakingCommand,
  DescribeMatchmakingConfigurationsCommand,
  DescribeMatchmakingRuleSetsCommand,
  StartMatchBackfillCommand,
  StartMatchmakingCommand,
  StopMatchmakingCommand,
} from '@aws-sdk/client-gamelift'
import type { GameLiftClients } from './connect.ts'
import { type Request, toAppError } from './errors.ts'
import { configurationView, describedGameSession, describedTicket, ruleSetView } from './from-gamelift.ts'
import type { Matchmaker } from './matchmaker.ts'

const PROBE_TIMEOUT_MS = 4_000
const MAX_PAGES = 100
const MAX_DESCRIBED_IDS = 10
const SESSIONS_PER_PAGE = 100

export function gameLift({ reads, writes, once }: GameLiftClients): Matchmaker {
  return {
    async describeTickets(ticketIds) {
      if (ticketIds.length === 0) return []
      if (ticketIds.length > MAX_DESCRIBED_IDS)
        throw new Error(`DescribeMatchmaking takes at most ${MAX_DESCRIBED_IDS} ids.`)
      const request: Request = { kind: 'read', what: 'describe tickets' }
      const command = new DescribeMatchmakingCommand({ TicketIds: [...ticketIds] })
      const { TicketList = [] } = await reads.send(command).catch(rethrow(request))
      return TicketList.map(describedTicket)
    },

    async stop(ticketId) {
      await writes.send(new StopMatchmakingCommand({ TicketId: ticketId })).catch(rethrow({ kind: 'stop', ticketId }))
    },

    async accept(ticketId, playerIds, answer) {
      const command = new AcceptMatchCommand({ TicketId: ticketId, PlayerIds: [...playerIds], AcceptanceType: answer })
      await writes.send(command).catch(rethrow({ kind: 'accept', ticketId }))
    },

    async start({ ticketId, configuration, players }) {
      const command = new StartMatchmakingCommand({
        TicketId: ticketId,
        ConfigurationName: configuration,
        Players: players.map((player) => ({
          PlayerId: player.playerId,
          PlayerAttributes: player.attributes,
          LatencyInMs: player.latencyMs,
        })),
      })
      await writes.send(command).catch(rethrow({ kind: 'start', ticketId }))
    },

    async startBackfill({ ticketId, configuration, gameSessionArn, players }) {
      const command = new StartMatchBackfillCommand({
        TicketId: ticketId,
        ConfigurationName: configuration,
        GameSessionArn: gameSessionArn,
        Players: players.map((player) => ({
          PlayerId: player.playerId,
          Team: player.team,
          PlayerAttributes: player.attributes,
        })),
      })
      await writes.send(command).catch(rethrow({ kind: 'start', ticketId }))
    },

    async describeGameSession(gameSessionArn) {
      const request: Request = { kind: 'read', what: `describe the game session ${gameSessionArn}` }
      const command = new DescribeGameSessionsCommand({ GameSessionId: gameSessionArn })
      try {
        const { GameSessions = [] } = await reads.send(command)
        return GameSessions[0] ? describedGameSession(GameSessions[0]) : null
      } catch (error) {
        if ((error as Error).name === 'NotFoundException') return null
        throw toAppError(error, request)
      }
    },

    async listFleetSessions(fleet, next) {
      const where = isAlias(fleet) ? { AliasId: fleet } : { FleetId: fleet }
      // Without the status GameLift would add all that ended within 30 days.
      const command = new DescribeGameSessionsCommand({
        ...where,
        StatusFilter: 'ACTIVE',
        Limit: SESSIONS_PER_PAGE,
        ...(next === null ? {} : { NextToken: next }),
      })
      const request: Request = { kind: 'read', what: `list the game sessions of ${fleet}` }
      const { GameSessions = [], NextToken } = await reads.send(command).catch(rethrow(request))
      return {
        sessions: GameSessions.map((session) => ({
          ...describedGameSession(session),
          createdAt: session.CreationTime?.getTime() ?? null,
        })),
        next: NextToken ?? null,
      }
    },

    async listConfigurations() {
      const found = await allPages('list configurations', async (NextToken) => {
        const answer = await reads.send(new DescribeMatchmakingConfigurationsCommand({ Limit: 10, NextToken }))
        return { items: answer.Configurations ?? [], next: answer.NextToken }
      })
      return found.map(configurationView).sort((a, b) => a.name.localeCompare(b.name, 'en'))
    },

    async listRuleSets() {
      const found = await allPages('list rule sets', async (NextToken) => {
        const answer = await reads.send(new DescribeMatchmakingRuleSetsCommand({ Limit: 10, NextToken }))
        return { items: answer.RuleSets ?? [], next: answer.NextToken }
      })
      return found.map(ruleSetView).sort((a, b) => a.name.localeCompare(b.name, 'en'))
    },

    async probe() {
      const command = new DescribeMatchmakingConfigurationsCommand({ Limit: 1 })
      await once
        .send(command, { requestTimeout: PROBE_TIMEOUT_MS })
        .catch(rethrow({ kind: 'read', what: 'list a configuration' }))
    },

    async listQueues() {
      const found = await allPages('list queues', async (NextToken) => {
        const answer = await reads.send(new DescribeGameSessionQueuesCommand({ Limit: 50, NextToken }))
        return { items: answer.GameSessionQueues ?? [], next: answer.NextToken }
      })
      return found.map((queue) => ({
        name: queue.Name ?? '',
        arn: queue.GameSessionQueueArn ?? '',
        timeoutSeconds: queue.TimeoutInSeconds ?? null,
      }))
    },
  }
}

function isAlias(fleet: string): boolean {
  return /^alias-|:alias\//.test(fleet)
}

function rethrow(request: Request) {
  return (error: unknown): never => {
    throw toAppError(error, request)
  }
}

/** Bounded, so that a service that never stops handing out tokens cannot hold a request for ever. */
async function allPages<Item>(
  what: string,
  readPage: (nextToken: string | undefined) => Promise<{ items: Item[]; next: string | undefined }>,
): Promise<Item[]> {
  const request: Request = { kind: 'read', what }
  const found: Item[] = []
  let token: string | undefined
  for (let page = 0; page < MAX_PAGES; page++) {
    const { items, next } = await readPage(token).catch(rethrow(request))
    found.push(...items)
    if (!next) return found
    token = next
  }
  throw new Error(`Gave up after ${MAX_PAGES} pages: ${what}.`)
}
