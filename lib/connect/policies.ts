/** The exact rights Matchdesk needs, reading and acting apart. Nothing is in here that no call needs. */
import { namesOf, queueArnOf, type Wanted } from './names.ts'

export interface Statement {
  Sid: string
  Effect: 'Allow'
  Action: string[]
  Resource: string | string[]
  Condition?: object
}
export interface Policy {
  Version: '2012-10-17'
  Statement: Statement[]
}

export function readPolicy(wanted: Wanted): Policy {
  const { region, channels } = wanted
  const { partition } = namesOf(wanted)
  const statements: Statement[] = [
    {
      Sid: 'ReadMatchmaking',
      Effect: 'Allow',
      Action: [
        'gamelift:DescribeMatchmaking',
        'gamelift:DescribeMatchmakingConfigurations',
        'gamelift:DescribeMatchmakingRuleSets',
        'gamelift:DescribeGameSessionQueues',
        'gamelift:DescribeGameSessions',
      ],
      // GameLift knows no resources for these: the region is all that can be said.
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': region } },
    },
  ]
  const queues = channels.sqs.flatMap(({ queueUrl }) => queueArnOf(queueUrl, { region, partition }) ?? [])
  if (queues.length > 0) {
    statements.push({
      Sid: 'EmptyQueues',
      Effect: 'Allow',
      Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
      Resource: queues,
    })
  }
  if (channels.sns.topicArns.length > 0) {
    statements.push({
      Sid: 'ConfirmSubscriptions',
      Effect: 'Allow',
      Action: ['sns:ConfirmSubscription'],
      Resource: channels.sns.topicArns,
    })
  }
  return { Version: '2012-10-17', Statement: statements }
}

export function writePolicy(wanted: Wanted): Policy {
  const { region, configurations } = wanted
  const { partition, account } = namesOf(wanted)
  const names = configurations ?? ['*']
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ActOnTickets',
        Effect: 'Allow',
        Action: ['gamelift:StopMatchmaking', 'gamelift:AcceptMatch'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:RequestedRegion': region } },
      },
      {
        Sid: 'StartBackfills',
        Effect: 'Allow',
        Action: ['gamelift:StartMatchBackfill'],
        Resource: names.map(
          (name) => `arn:${partition}:gamelift:${region}:${account}:matchmakingconfiguration/${name}`,
        ),
      },
    ],
  }
}

/** Who may become one of the roles: the identity Matchdesk runs as, saying the external id. */
export function trustPolicy({ credentials }: Wanted, principal: unknown): object {
  const { externalId } = credentials
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: principal },
        Action: 'sts:AssumeRole',
        ...(externalId ? { Condition: { StringEquals: { 'sts:ExternalId': externalId } } } : {}),
      },
    ],
  }
}

/** Who may become the role that an EventBridge rule delivers in. */
export const EVENTBRIDGE_TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sts:AssumeRole' }],
}

/** `arn:aws:iam::111122223333:role/path/name` → `name`; null without a role. */
export function roleName(arn: string | undefined): string | null {
  return arn?.split('/').at(-1) || null
}
