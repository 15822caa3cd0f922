/** The one door to GameLift: translate and call. AWS or the local engine, only the endpoint and credentials differ. */
import {
  AcceptMatchCommand,
  DescribeGameSessionQueuesCommand,
  DescribeGameSessionsCommand,
  DescribeMatchmakingCommand,
  DescribeMatchmakingConfigurationsCommand,
  DescribeMatchmakingRuleSetsCommand,
  GameLiftClient,
  type GameLiftClientConfig,
  StartMatchBackfillCommand,
  StartMatchmakingCommand,
  StopMatchmakingCommand,
} from '@aws-sdk/client-gamelift'
import { requireAllowedEndpoint } from '#lib/environments/address-guard.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { openSigner } from './credentials.ts'
import { type Request, toAppError } from './errors.ts'
import { configurationView, describedGameSession, describedTicket, ruleSetView } from './from-gamelift.ts'
import type { Matchmaker } from './matchmaker.ts'

const CONNECT_TIMEOUT_MS = 2_000
const ANSWER_TIMEOUT_MS = 5_000
const PROBE_TIMEOUT_MS = 4_000
const MAX_PAGES = 100
const MAX_DESCRIBED_IDS = 10

export interface GameLiftClients {
  reads: Pick<GameLiftClient, 'send' | 'destroy'>
  writes: Pick<GameLiftClient, 'send' | 'destroy'>
}

/**
 * Reads may be sent twice; a write is sent once, because a repeat could meet its own effect. Nothing is sent where requests
 * of the environment must not go, whoever wrote its endpoint.
 */
export function connect(
  environment: Pick<Environment, 'region' | 'kind' | 'endpoint' | 'credentials'>,
): GameLiftClients & { close(): void } {
  const requestHandler = {
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: ANSWER_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  }
  const config: GameLiftClientConfig = {
    region: environment.region,
    ...(environment.endpoint ? { endpoint: environment.endpoint } : {}),
    requestHandler,
  }
  const signer = openSigner(environment, 'matchdesk', { region: environment.region, requestHandler })
  const reads = new GameLiftClient({ ...config, ...signer.as('read'), maxAttempts: 2 })
  const writes = new GameLiftClient({ ...config, ...signer.as('write'), maxAttempts: 1 })
  for (const client of [reads, writes]) guardEndpoint(client, environment)
  return {
    reads,
    writes,
    close() {
      for (const client of [reads, writes]) client.destroy()
      signer.close()
    },
  }
}

/** Asks each time, before anything is signed: a name can lead elsewhere tomorrow. */
function guardEndpoint(client: GameLiftClient, environment: Pick<Environment, 'kind' | 'endpoint'>): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      await requireAllowedEndpoint(environment)
      return next(args)
    },
    { step: 'initialize', name: 'allowedEndpoint' },
  )
}

export function gameLift({ reads, writes }: GameLiftClients): Matchmaker {
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
      // Through the client that sends once: a second try would only double how long silence goes unnoticed.
      await writes
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
