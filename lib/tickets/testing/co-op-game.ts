/** A co-op game for tests: crews of two to four, placed by a queue on one fleet. */
import {
  CreateGameSessionQueueCommand,
  CreateMatchmakingConfigurationCommand,
  CreateMatchmakingRuleSetCommand,
  DescribeMatchmakingCommand,
  GameLiftClient,
  StartMatchmakingCommand,
} from '@aws-sdk/client-gamelift'
import { expect } from 'vitest'

export interface CoOpGame {
  gamelift: GameLiftClient
  /** A party of two starts, is matched with itself and placed: the ARN of its session. */
  place(name: string): Promise<string>
}

/** `destination` is the ARN of a fleet or an alias. */
export async function coOpGame(
  { endpoint, region }: { endpoint: string; region: string },
  name: string,
  destination: string,
  /** AUTOMATIC lets a later party fill up the session of an earlier one. */
  BackfillMode: 'MANUAL' | 'AUTOMATIC' = 'MANUAL',
): Promise<CoOpGame> {
  const credentials = { accessKeyId: 'game', secretAccessKey: 'game' }
  const gamelift = new GameLiftClient({ endpoint, region, credentials, maxAttempts: 1 })
  const teams = [{ name: 'crew', minPlayers: 2, maxPlayers: 4 }]
  await gamelift.send(
    new CreateMatchmakingRuleSetCommand({
      Name: name,
      RuleSetBody: JSON.stringify({ ruleLanguageVersion: '1.0', teams }),
    }),
  )
  const { GameSessionQueue } = await gamelift.send(
    new CreateGameSessionQueueCommand({ Name: name, Destinations: [{ DestinationArn: destination }] }),
  )
  await gamelift.send(
    new CreateMatchmakingConfigurationCommand({
      ...{ Name: name, RuleSetName: name, RequestTimeoutSeconds: 600, AcceptanceRequired: false },
      ...{ FlexMatchMode: 'WITH_QUEUE', BackfillMode },
      GameSessionQueueArns: [String(GameSessionQueue?.GameSessionQueueArn)],
    }),
  )
  return {
    gamelift,
    async place(of) {
      const TicketId = `${name}-${of}`
      const Players = ['ana', 'bo'].map((player) => ({ PlayerId: `${player}-${TicketId}` }))
      await gamelift.send(new StartMatchmakingCommand({ TicketId, ConfigurationName: name, Players }))
      const placedIn = async () => {
        const { TicketList } = await gamelift.send(new DescribeMatchmakingCommand({ TicketIds: [TicketId] }))
        return TicketList?.[0]?.GameSessionConnectionInfo?.GameSessionArn
      }
      await expect.poll(placedIn, { timeout: 10_000, interval: 30 }).toBeDefined()
      return String(await placedIn())
    },
  }
}
