/** One contract, called once per client, so that protocols and clients cannot drift apart. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import type { EngineOptionsPatch } from '#lib/engine/core/contract.ts'
import { startTestEngine, type TestEngine } from '#lib/engine/testing/start-test-engine.ts'
import type { ContractClient, Output } from './client.ts'
import { sdkClient } from './sdk-client.ts'

const RULE_SET = JSON.stringify({
  name: 'pairs',
  ruleLanguageVersion: '1.0',
  playerAttributes: [{ name: 'skill', type: 'number', default: 10 }],
  teams: [
    { name: 'red', minPlayers: 1, maxPlayers: 2 },
    { name: 'blue', minPlayers: 1, maxPlayers: 2 },
  ],
})
const ARN = 'arn:aws:gamelift:us-east-1:000000000000'
const ONE_CALL_MS = 30_000

interface Ticket extends Output {
  TicketId: string
  Status: string
  StartTime: unknown
  EndTime?: unknown
}
const startTicket = (ticketId: string, ...playerIds: string[]) => ({
  TicketId: ticketId,
  ConfigurationName: 'plain',
  Players: playerIds.map((PlayerId) => ({ PlayerId })),
})
const isRecent = (time: unknown) => Math.abs(new Date(time as string).getTime() - Date.now()) < 60_000

/**
 * `connect` returns the client under test; the arranging is done by the SDK, so that slow clients stay bearable. A client
 * that takes half a second for each call leaves out what `alsoSessions` adds: every other operation, once.
 */
export function gameLiftContract(
  name: string,
  connect: (endpoint: string) => ContractClient,
  { alsoSessions = true }: { alsoSessions?: boolean } = {},
): void {
  describe(name, () => {
    const database = testDatabase()
    let engine: TestEngine
    let client: ContractClient
    let arrange: ContractClient

    beforeAll(async () => {
      engine = await startTestEngine({ databaseUrl: database.url })
      client = connect(engine.endpoint)
      arrange = sdkClient(engine.endpoint)
      await arrange.call('CreateMatchmakingRuleSet', { Name: 'pairs', RuleSetBody: RULE_SET })
      await arrange.call('CreateGameSessionQueue', { Name: 'main' })
      const shared = {
        RuleSetName: 'pairs',
        RequestTimeoutSeconds: 600,
        GameSessionQueueArns: [`${ARN}:gamesessionqueue/main`],
      }
      await arrange.call('CreateMatchmakingConfiguration', { Name: 'plain', AcceptanceRequired: false, ...shared })
      const acceptance = { AcceptanceRequired: true, AcceptanceTimeoutSeconds: 600 }
      await arrange.call('CreateMatchmakingConfiguration', { Name: 'asking', ...acceptance, ...shared })
    })
    afterAll(async () => {
      await client?.close()
      await arrange?.close()
      expect(await engine?.stop()).toBe(0)
    })

    async function setOptions(options: EngineOptionsPatch): Promise<void> {
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify(options)
      const response = await fetch(`${engine.endpoint}/lab/options`, { method: 'PATCH', headers, body })
      expect(response.status).toBe(200)
    }
    async function describeTicket(ticketId: string): Promise<Ticket> {
      const { TicketList } = await arrange.call('DescribeMatchmaking', { TicketIds: [ticketId] })
      return (TicketList as Ticket[])[0] as Ticket
    }
    async function reach(status: string, ...ticketIds: string[]): Promise<Ticket[]> {
      return vi.waitFor(
        async () => {
          const tickets = await Promise.all(ticketIds.map(describeTicket))
          expect(tickets.map((ticket) => ticket.Status)).toEqual(tickets.map(() => status))
          return tickets
        },
        { timeout: 10_000, interval: 25 },
      )
    }
    /** Two tickets of one player each, matched with each other and in the given status. */
    async function aMatch(configuration: string, status: string): Promise<[Ticket, Ticket]> {
      const ids = [`a-${randomUUID()}`, `b-${randomUUID()}`]
      for (const id of ids) {
        await arrange.call('StartMatchmaking', { ...startTicket(id, `p-${id}`), ConfigurationName: configuration })
      }
      return (await reach(status, ...ids)) as [Ticket, Ticket]
    }

    it(
      'creates a rule set, a queue and a configuration that uses both',
      async () => {
        const [ruleSet, queue] = await Promise.all([
          client.call('CreateMatchmakingRuleSet', { Name: 'mine', RuleSetBody: RULE_SET }),
          client.call('CreateGameSessionQueue', { Name: 'mine', TimeoutInSeconds: 60 }),
        ])
        expect(ruleSet.RuleSet).toMatchObject({
          RuleSetName: 'mine',
          RuleSetArn: `${ARN}:matchmakingruleset/mine`,
          RuleSetBody: RULE_SET,
        })
        expect(isRecent((ruleSet.RuleSet as Output).CreationTime)).toBe(true)
        expect(queue.GameSessionQueue).toMatchObject({
          Name: 'mine',
          GameSessionQueueArn: `${ARN}:gamesessionqueue/mine`,
          TimeoutInSeconds: 60,
        })
        const { Configuration } = await client.call('CreateMatchmakingConfiguration', {
          Name: 'mine',
          RuleSetName: `${ARN}:matchmakingruleset/mine`,
          RequestTimeoutSeconds: 60,
          AcceptanceRequired: true,
          AcceptanceTimeoutSeconds: 30,
          GameSessionQueueArns: [`${ARN}:gamesessionqueue/mine`],
          CustomEventData: 'season-9',
          Tags: [{ Key: 'team', Value: 'live-ops' }],
        })
        expect(Configuration).toMatchObject({
          Name: 'mine',
          ConfigurationArn: `${ARN}:matchmakingconfiguration/mine`,
          RuleSetName: 'mine',
          RuleSetArn: `${ARN}:matchmakingruleset/mine`,
          RequestTimeoutSeconds: 60,
          AcceptanceRequired: true,
          AcceptanceTimeoutSeconds: 30,
          BackfillMode: 'MANUAL',
          FlexMatchMode: 'WITH_QUEUE',
          CustomEventData: 'season-9',
        })
        expect(isRecent((Configuration as Output).CreationTime)).toBe(true)
      },
      ONE_CALL_MS,
    )

    it(
      'starts a ticket as QUEUED, with exactly the members of a fresh ticket',
      async () => {
        const Players = [
          {
            PlayerId: 'p-fresh',
            PlayerAttributes: {
              skill: { N: 50.5 },
              level: { N: 50 },
              mode: { S: 'capture' },
              maps: { SL: ['harbour', 'ridge'] },
              weights: { SDM: { harbour: 1, ridge: 0.25 } },
            },
            LatencyInMs: { 'us-east-1': 40 },
          },
        ]
        const ConfigurationName = `${ARN}:matchmakingconfiguration/plain`
        const { MatchmakingTicket } = await client.call('StartMatchmaking', {
          TicketId: 'fresh',
          ConfigurationName,
          Players,
        })
        const { StartTime, ...ticket } = MatchmakingTicket as Ticket
        expect(ticket).toEqual({
          TicketId: 'fresh',
          ConfigurationName: 'plain',
          ConfigurationArn: `${ARN}:matchmakingconfiguration/plain`,
          Status: 'QUEUED',
          Players,
        })
        expect(isRecent(StartTime)).toBe(true)
        await reach('SEARCHING', 'fresh')
      },
      ONE_CALL_MS,
    )

    it(
      'describes tickets in the order asked for and leaves out ids it does not know',
      async () => {
        await arrange.call('StartMatchmaking', { ...startTicket('second', 'p-second'), ConfigurationName: 'asking' })
        const { TicketList } = await client.call('DescribeMatchmaking', { TicketIds: ['second', 'nobody', 'fresh'] })
        expect((TicketList as Ticket[]).map((ticket) => ticket.TicketId)).toEqual(['second', 'fresh'])
        await arrange.call('StopMatchmaking', { TicketId: 'second' })
      },
      ONE_CALL_MS,
    )

    it(
      'stops a waiting ticket once',
      async () => {
        expect(await client.call('StopMatchmaking', { TicketId: 'fresh' })).toEqual({})
        const ticket = await describeTicket('fresh')
        expect(ticket).toMatchObject({
          Status: 'CANCELLED',
          StatusReason: 'Cancelled',
          StatusMessage: 'Cancelled by request.',
        })
        expect(isRecent(ticket.EndTime)).toBe(true)
        await expect(client.call('StopMatchmaking', { TicketId: 'fresh' })).rejects.toMatchObject({
          name: 'InvalidRequestException',
          message: 'Matchmaking ticket is in CANCELLED status and cannot be canceled.',
        })
      },
      ONE_CALL_MS,
    )

    it(
      'refuses to stop a ticket it does not know, one that is being placed and one that is done',
      async () => {
        const [done] = await aMatch('plain', 'COMPLETED')
        await setOptions({ placement: { delayMs: 3_600_000 } })
        const [placing] = await aMatch('plain', 'PLACING')
        await setOptions({ placement: { delayMs: 20 } })
        const message = (status: string) => `Matchmaking ticket is in ${status} status and cannot be canceled.`
        await Promise.all([
          expect(client.call('StopMatchmaking', { TicketId: 'nobody' })).rejects.toMatchObject({
            name: 'NotFoundException',
          }),
          expect(client.call('StopMatchmaking', { TicketId: placing.TicketId })).rejects.toMatchObject({
            name: 'InvalidRequestException',
            message: message('PLACING'),
          }),
          expect(client.call('StopMatchmaking', { TicketId: done.TicketId })).rejects.toMatchObject({
            name: 'InvalidRequestException',
            message: message('COMPLETED'),
          }),
        ])
      },
      ONE_CALL_MS,
    )

    it(
      'stops a ticket that waits for acceptance, and its partner searches again',
      async () => {
        const [stopped, partner] = await aMatch('asking', 'REQUIRES_ACCEPTANCE')
        await client.call('StopMatchmaking', { TicketId: stopped.TicketId })
        expect((await describeTicket(stopped.TicketId)).Status).toBe('CANCELLED')
        expect((await describeTicket(partner.TicketId)).Status).toBe('SEARCHING')
        await arrange.call('StopMatchmaking', { TicketId: partner.TicketId })
      },
      ONE_CALL_MS,
    )

    it(
      'completes a match when every player accepts, and takes answers for players of the ticket only',
      async () => {
        const [mine, other] = await aMatch('asking', 'REQUIRES_ACCEPTANCE')
        const accept = { TicketId: mine.TicketId, AcceptanceType: 'ACCEPT' }
        await expect(
          client.call('AcceptMatch', { ...accept, PlayerIds: [`p-${other.TicketId}`] }),
        ).rejects.toMatchObject({ name: 'InvalidRequestException' })
        expect(await client.call('AcceptMatch', { ...accept, PlayerIds: [`p-${mine.TicketId}`] })).toEqual({})
        const theirs = { TicketId: other.TicketId, PlayerIds: [`p-${other.TicketId}`], AcceptanceType: 'ACCEPT' }
        await arrange.call('AcceptMatch', theirs)
        const [ticket] = await reach('COMPLETED', mine.TicketId, other.TicketId)
        expect(ticket?.GameSessionConnectionInfo).toMatchObject({
          GameSessionArn: expect.stringContaining('gamesession/'),
        })
      },
      ONE_CALL_MS,
    )

    it(
      'drops a match that one player rejects',
      async () => {
        const [rejecting, accepting] = await aMatch('asking', 'REQUIRES_ACCEPTANCE')
        const accepted = {
          TicketId: accepting.TicketId,
          PlayerIds: [`p-${accepting.TicketId}`],
          AcceptanceType: 'ACCEPT',
        }
        await arrange.call('AcceptMatch', accepted)
        const PlayerIds = [`p-${rejecting.TicketId}`]
        await client.call('AcceptMatch', { TicketId: rejecting.TicketId, PlayerIds, AcceptanceType: 'REJECT' })
        expect((await describeTicket(rejecting.TicketId)).Status).toBe('CANCELLED')
        expect((await describeTicket(accepting.TicketId)).Status).toBe('SEARCHING')
        await arrange.call('StopMatchmaking', { TicketId: accepting.TicketId })
      },
      ONE_CALL_MS,
    )

    it(
      'backfills a running game session',
      async () => {
        const [ticket] = await aMatch('plain', 'COMPLETED')
        const { GameSessionArn } = ticket.GameSessionConnectionInfo as { GameSessionArn: string }
        const Players = [{ PlayerId: `p-${ticket.TicketId}`, Team: 'red' }]
        const { MatchmakingTicket } = await client.call('StartMatchBackfill', {
          TicketId: 'backfill',
          ConfigurationName: 'plain',
          GameSessionArn,
          Players,
        })
        expect(MatchmakingTicket).toMatchObject({ TicketId: 'backfill', Status: 'QUEUED', Players })
        await arrange.call('StopMatchmaking', { TicketId: 'backfill' })
      },
      ONE_CALL_MS,
    )

    it(
      'tags, lists tags and takes them off',
      async () => {
        const ResourceARN = `${ARN}:matchmakingconfiguration/plain`
        const Tags = [{ Key: 'owner', Value: 'qa' }]
        expect(await client.call('TagResource', { ResourceARN, Tags })).toEqual({})
        expect(await client.call('ListTagsForResource', { ResourceARN })).toEqual({ Tags })
        expect(await client.call('UntagResource', { ResourceARN, TagKeys: ['owner'] })).toEqual({})
      },
      ONE_CALL_MS,
    )

    it(
      'hands out pages that continue where the one before ended',
      async () => {
        const first = await client.call('DescribeMatchmakingConfigurations', { Limit: 1 })
        expect(first.Configurations).toHaveLength(1)
        const rest = await client.call('DescribeMatchmakingConfigurations', { Limit: 10, NextToken: first.NextToken })
        const pages = [first.Configurations, rest.Configurations].flat() as { Name: string }[]
        expect(pages.map((configuration) => configuration.Name).sort()).toEqual(['asking', 'mine', 'plain'])
        expect(rest.NextToken).toBeUndefined()
      },
      ONE_CALL_MS,
    )

    it(
      'answers a broken constraint in the words of the service',
      async () => {
        await expect(client.call('StopMatchmaking', { TicketId: 'not an id' })).rejects.toMatchObject({
          name: 'InvalidRequestException',
          message:
            "1 validation error detected: Value 'not an id' at 'ticketId' failed to satisfy constraint: " +
            'Member must satisfy regular expression pattern: ^[a-zA-Z0-9-\\.]*$',
        })
      },
      ONE_CALL_MS,
    )

    it(
      'says of an operation it does not have that it is unknown',
      async () => {
        await expect(client.call('ListFleets', {})).rejects.toMatchObject({ name: 'UnknownOperationException' })
      },
      ONE_CALL_MS,
    )

    if (!alsoSessions) return

    it('shows, searches and changes game sessions, and shows their player sessions', async () => {
      const [ticket] = await aMatch('plain', 'COMPLETED')
      const connection = ticket.GameSessionConnectionInfo as { GameSessionArn: string; Port: number }
      const GameSessionId = connection.GameSessionArn
      const { GameSessions } = await client.call('DescribeGameSessions', { GameSessionId })
      const [session] = GameSessions as Output[]
      expect(session).toMatchObject({
        GameSessionId,
        Status: 'ACTIVE',
        Port: connection.Port,
        MaximumPlayerSessionCount: 4,
      })
      expect(isRecent(session?.CreationTime)).toBe(true)
      expect(JSON.parse(session?.MatchmakerData as string).teams).toHaveLength(2)

      const { GameSessionDetails } = await client.call('DescribeGameSessionDetails', { GameSessionId })
      expect(GameSessionDetails).toMatchObject([{ GameSession: { GameSessionId }, ProtectionPolicy: 'NoProtection' }])
      const { PlayerSessions } = await client.call('DescribePlayerSessions', { GameSessionId })
      expect(PlayerSessions).toHaveLength(2)
      expect((PlayerSessions as Output[])[0]).toMatchObject({
        GameSessionId,
        PlayerSessionId: expect.stringMatching(/^psess-/),
      })

      const FleetId = session?.FleetId as string
      const found = await client.call('SearchGameSessions', {
        FleetId,
        FilterExpression: 'hasAvailablePlayerSessions=true',
      })
      expect((found.GameSessions as Output[]).map((one) => one.GameSessionId)).toContain(GameSessionId)
      // Older clients do not know of GameProperties here.
      const change = { PlayerSessionCreationPolicy: 'DENY_ALL', MaximumPlayerSessionCount: 3 }
      const changed = await client.call('UpdateGameSession', { GameSessionId, ...change })
      expect(changed.GameSession).toMatchObject({ GameSessionId, ...change })
    })

    it('ends a game session', async (context) => {
      const [ticket] = await aMatch('plain', 'COMPLETED')
      const { GameSessionArn: GameSessionId } = ticket.GameSessionConnectionInfo as { GameSessionArn: string }
      const end = { GameSessionId, TerminationMode: 'FORCE_TERMINATE' }
      const ended = await client.call('TerminateGameSession', end).catch((error: Error) => {
        if (error.name === 'AttributeError') return context.skip('this boto3 is older than TerminateGameSession')
        throw error
      })
      expect((ended.GameSession as Output).Status).toMatch(/^TERMINAT(ING|ED)$/)
      await expect(
        client.call('TerminateGameSession', { ...end, GameSessionId: `${GameSessionId}0` }),
      ).rejects.toMatchObject({ name: 'NotFoundException' })
    })

    it('describes queues, validates and describes rule sets, changes and deletes what is not in use', async () => {
      const queues = await client.call('DescribeGameSessionQueues', { Names: ['main', 'nobody'] })
      expect((queues.GameSessionQueues as Output[]).map((queue) => queue.Name)).toEqual(['main'])
      expect(await client.call('ValidateMatchmakingRuleSet', { RuleSetBody: RULE_SET })).toEqual({ Valid: true })
      await expect(client.call('ValidateMatchmakingRuleSet', { RuleSetBody: '{}' })).rejects.toMatchObject({
        name: 'InvalidRequestException',
        message: expect.stringMatching(/\S/),
      })
      const { RuleSets } = await client.call('DescribeMatchmakingRuleSets', { Names: ['pairs'] })
      expect(RuleSets).toMatchObject([{ RuleSetName: 'pairs', RuleSetBody: RULE_SET }])
      await expect(client.call('DescribeMatchmakingRuleSets', { Names: ['nobody'] })).rejects.toMatchObject({
        name: 'NotFoundException',
      })
      const { Configuration } = await client.call('UpdateMatchmakingConfiguration', {
        Name: 'mine',
        Description: 'new',
      })
      expect(Configuration).toMatchObject({ Name: 'mine', Description: 'new', AcceptanceTimeoutSeconds: 30 })
      await expect(client.call('DeleteMatchmakingRuleSet', { Name: 'mine' })).rejects.toMatchObject({
        name: 'InvalidRequestException',
      })
      expect(await client.call('DeleteMatchmakingConfiguration', { Name: 'mine' })).toEqual({})
      expect(await client.call('DeleteMatchmakingRuleSet', { Name: 'mine' })).toEqual({})
    })
  })
}
