/** What the demo needs in GameLift. Each part is made when it is missing and otherwise left as it is found. */
import {
  CreateGameSessionQueueCommand,
  CreateMatchmakingConfigurationCommand,
  CreateMatchmakingRuleSetCommand,
  DescribeGameSessionQueuesCommand,
  DescribeMatchmakingConfigurationsCommand,
  DescribeMatchmakingRuleSetsCommand,
  type GameLiftClient,
} from '@aws-sdk/client-gamelift'
import { PROFILES } from './profiles.ts'

const QUEUE = 'demo-queue'
/** A fleet of the demo's own, so that its sessions can be told from everybody else's. */
export const DEMO_FLEET = 'fleet-00000000-0000-4000-8000-0000000000de'

export async function createWhatIsMissing(client: Pick<GameLiftClient, 'send'>, region: string): Promise<void> {
  const queueArn = await queue(client, region)
  for (const { configuration, ruleSet, settings, usesQueue } of PROFILES) {
    await unlessFound(
      async () => (await client.send(new DescribeMatchmakingRuleSetsCommand({ Names: [configuration] }))).RuleSets?.[0],
      () =>
        client.send(new CreateMatchmakingRuleSetCommand({ Name: configuration, RuleSetBody: JSON.stringify(ruleSet) })),
    )
    await unlessFound(
      async () =>
        (await client.send(new DescribeMatchmakingConfigurationsCommand({ Names: [configuration] })))
          .Configurations?.[0],
      () =>
        client.send(
          new CreateMatchmakingConfigurationCommand({
            ...settings,
            Name: configuration,
            RuleSetName: configuration,
            ...(usesQueue ? { GameSessionQueueArns: [queueArn] } : {}),
          }),
        ),
    )
  }
}

async function queue(client: Pick<GameLiftClient, 'send'>, region: string): Promise<string> {
  const find = async () =>
    (await client.send(new DescribeGameSessionQueuesCommand({ Names: [QUEUE] }))).GameSessionQueues?.[0]
  await unlessFound(find, () =>
    client.send(
      new CreateGameSessionQueueCommand({
        Name: QUEUE,
        TimeoutInSeconds: 60,
        Destinations: [{ DestinationArn: `arn:aws:gamelift:${region}::fleet/${DEMO_FLEET}` }],
      }),
    ),
  )
  const arn = (await find())?.GameSessionQueueArn
  if (!arn) throw new Error(`The queue ${QUEUE} was made and cannot be found.`)
  return arn
}

/** Some describe calls answer a missing name with an empty list, others refuse it. */
async function unlessFound(find: () => Promise<unknown>, create: () => Promise<unknown>): Promise<void> {
  const found = await find().catch((error: unknown) => {
    if (error instanceof Error && error.name === 'NotFoundException') return undefined
    throw error
  })
  if (found === undefined) await create()
}
