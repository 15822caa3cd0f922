/** What the resources in somebody's account are called. Pure, so that the browser may show it while it is being typed. */
import type { EnvironmentInput } from '#lib/environments/environment-input.ts'

export type Wanted = Pick<
  EnvironmentInput,
  'name' | 'region' | 'accountId' | 'credentials' | 'configurations' | 'fleets' | 'channels'
>

/** Where events will come from, and the address under which AWS reaches Matchdesk. */
export interface EventsWanted {
  sqs: boolean
  sns: boolean
  eventbridge: boolean
  /** Without a slash at its end. */
  publicUrl: string
}

export interface AwsNames {
  partition: string
  account: string
  queue: string
  queueArn: string
  queueUrl: string
  deadLetters: string
  topic: string
  topicArn: string
  rule: string
  ruleArn: string
  snsAddress: string
  eventbridgeAddress: string
}

/** Stands out in whatever is copied before the account is known. */
export const UNKNOWN_ACCOUNT = 'ACCOUNT_ID'

export function namesOf({ name, region, accountId }: Wanted, publicUrl = ''): AwsNames {
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'
  const account = accountId ?? UNKNOWN_ACCOUNT
  const queue = `matchdesk-${name}`
  const arn = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${account}:${resource}`
  return {
    partition,
    account,
    queue,
    queueArn: arn('sqs', queue),
    queueUrl: `https://sqs.${region}.${suffix}/${account}/${queue}`,
    deadLetters: `${queue}-dead-letters`,
    topic: queue,
    topicArn: arn('sns', queue),
    rule: queue,
    ruleArn: arn('events', `rule/${queue}`),
    snsAddress: `${publicUrl}/api/ingest/${name}/sns`,
    eventbridgeAddress: `${publicUrl}/api/ingest/${name}/eventbridge`,
  }
}

/** `https://sqs.eu-central-1.amazonaws.com/111122223333/name` as an ARN; null when it is no address of SQS. */
export function queueArnOf(
  queueUrl: string,
  { region, partition }: { region: string; partition: string },
): string | null {
  const [, account, queue] = /\/(\d{12})\/([\w.-]{1,80})$/.exec(queueUrl) ?? []
  if (!account) return null
  const named = /^https?:\/\/sqs\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(queueUrl)?.[1]
  return `arn:${partition}:sqs:${named ?? region}:${account}:${queue}`
}

/** What the rule on the bus picks: whole, because a rule for some configurations would miss their placements. */
export const EVENT_PATTERN = {
  source: ['aws.gamelift'],
  'detail-type': ['GameLift Matchmaking Event', 'GameLift Queue Placement Event'],
}
