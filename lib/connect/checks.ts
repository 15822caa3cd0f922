/**
 * Tries every permission an environment needs by a call that changes nothing: reads, and writes that name what does not
 * exist. "There is no such ticket" is said only to somebody who may ask.
 */
import { randomUUID } from 'node:crypto'
import {
  AcceptMatchCommand,
  DescribeGameSessionQueuesCommand,
  DescribeGameSessionsCommand,
  DescribeMatchmakingCommand,
  DescribeMatchmakingConfigurationsCommand,
  DescribeMatchmakingRuleSetsCommand,
  StartMatchBackfillCommand,
  StopMatchmakingCommand,
} from '@aws-sdk/client-gamelift'
import { ConfirmSubscriptionCommand } from '@aws-sdk/client-sns'
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { requireAllowedEndpoint } from '#lib/environments/address-guard.ts'
import type { EnvironmentInput } from '#lib/environments/environment-input.ts'
import type { Check, CheckPart, Found } from './check.ts'
import type { ConnectClients } from './clients.ts'

interface Question {
  id: string
  asks: string
  /** As in a policy; null for what is no permission. */
  permission: string | null
  /** Resolves with what was learnt. */
  ask: () => Promise<string | null>
  /** Names of errors that only somebody who may ask gets to hear. */
  allowedBy?: readonly string[]
}

const DENIED =
  /AccessDenied|NotAuthorized|Unauthorized|AuthorizationError|UnrecognizedClient|InvalidClientTokenId|ExpiredToken|SignatureDoesNotMatch|InvalidSignature|CredentialsProviderError|OptInRequired/
const NOT_THERE = ['NotFoundException', 'InvalidRequestException']
const MAX_PAGES = 50

export async function checkPart(part: CheckPart, given: EnvironmentInput, clients: ConnectClients): Promise<Found> {
  const found: Found = { checks: [] }
  const reachable = await check({
    id: 'endpoint',
    asks: given.endpoint === null ? 'The address of AWS' : `The address ${given.endpoint}`,
    permission: null,
    ask: async () => {
      await requireAllowedEndpoint(given)
      return null
    },
  })
  // A signed request is sent nowhere before its address is known to be harmless.
  if (reachable.state !== 'ok') return { checks: part === 'who' ? [reachable] : [] }
  const questions = QUESTIONS[part](given, clients, found)
  found.checks = await Promise.all(questions.map(check))
  if (part === 'who' && given.endpoint !== null) found.checks.unshift(reachable)
  return found
}

const QUESTIONS: Record<CheckPart, (given: EnvironmentInput, clients: ConnectClients, found: Found) => Question[]> = {
  who: identityQuestions,
  reads: readQuestions,
  writes: writeQuestions,
  channels: (given, clients) => [...queueQuestions(given, clients), ...topicQuestions(given, clients)],
}

function identityQuestions(given: EnvironmentInput, { identity }: ConnectClients, found: Found): Question[] {
  if (identity === null) return []
  return (['reader', 'writer'] as const).map((who) => ({
    id: who,
    asks: who === 'reader' ? 'Who Matchdesk is when it reads' : 'Who Matchdesk is when it acts',
    permission: null,
    ask: async () => {
      const { Account, Arn } = await identity[who].send(new GetCallerIdentityCommand())
      if (who === 'reader' && Account) found.account = Account
      if (given.accountId !== null && Account !== given.accountId) {
        throw new Refused(`This is account ${Account}, and the environment is of account ${given.accountId}.`)
      }
      return Arn ?? null
    },
  }))
}

function readQuestions(given: EnvironmentInput, { reads }: ConnectClients, found: Found): Question[] {
  const nobody = madeUp()
  return [
    gameLift('DescribeMatchmakingConfigurations', async () => {
      const names = await allPages(async (NextToken) => {
        const page = await reads.send(new DescribeMatchmakingConfigurationsCommand({ Limit: 10, NextToken }))
        return { items: (page.Configurations ?? []).flatMap(({ Name }) => Name ?? []), next: page.NextToken }
      })
      found.configurations = names.sort()
      const unknown = (given.configurations ?? []).filter((name) => !names.includes(name))
      if (unknown.length > 0) throw new Refused(`There is no configuration called ${unknown.join(', ')} there.`)
      return counted(names.length, 'configuration')
    }),
    gameLift('DescribeMatchmakingRuleSets', async () => {
      await reads.send(new DescribeMatchmakingRuleSetsCommand({ Limit: 1 }))
      return null
    }),
    gameLift('DescribeMatchmaking', async () => {
      await reads.send(new DescribeMatchmakingCommand({ TicketIds: [nobody] }))
      return null
    }),
    gameLift('DescribeGameSessionQueues', async () => {
      const names = await allPages(async (NextToken) => {
        const page = await reads.send(new DescribeGameSessionQueuesCommand({ Limit: 50, NextToken }))
        return { items: (page.GameSessionQueues ?? []).flatMap(({ Name }) => Name ?? []), next: page.NextToken }
      })
      found.queues = names.sort()
      return counted(names.length, 'queue')
    }),
    gameLift('DescribeGameSessions', async () => {
      const arn = `arn:aws:gamelift:${given.region}::gamesession/fleet-${randomUUID()}/${nobody}`
      await reads.send(new DescribeGameSessionsCommand({ GameSessionId: arn }))
      return null
    }),
    ...given.fleets.map((fleet) => ({
      ...gameLift('DescribeGameSessions', async () => {
        const where = /^alias-|:alias\//.test(fleet) ? { AliasId: fleet } : { FleetId: fleet }
        await reads.send(new DescribeGameSessionsCommand({ ...where, StatusFilter: 'ACTIVE', Limit: 1 }))
        return null
      }),
      id: `DescribeGameSessions ${fleet}`,
      asks: `Game sessions of ${fleet}`,
      allowedBy: [],
    })),
  ]
}

function writeQuestions(_: EnvironmentInput, { writes }: ConnectClients): Question[] {
  const nobody = madeUp()
  return [
    gameLift('StopMatchmaking', async () => {
      await writes.send(new StopMatchmakingCommand({ TicketId: nobody }))
      return null
    }),
    gameLift('AcceptMatch', async () => {
      await writes.send(new AcceptMatchCommand({ TicketId: nobody, PlayerIds: [nobody], AcceptanceType: 'REJECT' }))
      return null
    }),
    gameLift('StartMatchBackfill', async () => {
      const command = { TicketId: nobody, ConfigurationName: nobody, Players: [{ PlayerId: nobody, Team: 'nobody' }] }
      await writes.send(new StartMatchBackfillCommand(command))
      return null
    }),
  ]
}

function queueQuestions({ channels }: EnvironmentInput, { sqs }: ConnectClients): Question[] {
  const handle = ['ReceiptHandleIsInvalid', 'InvalidParameterValue', 'MessageNotInflight', 'InvalidIdFormat']
  return channels.sqs.flatMap(({ queueUrl: QueueUrl }) => {
    const question = (permission: string, asks: string, ask: Question['ask'], allowedBy?: string[]): Question => ({
      id: `${permission} ${QueueUrl}`,
      asks: `${asks} ${QueueUrl.split('/').at(-1)}`,
      permission: `sqs:${permission}`,
      ask,
      ...(allowedBy ? { allowedBy } : {}),
    })
    return [
      question('GetQueueAttributes', 'How much is in the queue', async () => {
        const AttributeNames = ['ApproximateNumberOfMessages' as const, 'RedrivePolicy' as const]
        const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))
        const waiting = counted(Number(Attributes.ApproximateNumberOfMessages ?? 0), 'message')
        return Attributes.RedrivePolicy ? `${waiting}, with a dead-letter queue` : `${waiting}, no dead-letter queue`
      }),
      question('ReceiveMessage', 'Reading from', async () => {
        // Invisible for no time at all: the message is there for whoever reads next.
        const command = { QueueUrl, MaxNumberOfMessages: 1, VisibilityTimeout: 0, WaitTimeSeconds: 0 }
        await sqs.send(new ReceiveMessageCommand(command))
        return null
      }),
      question(
        'DeleteMessage',
        'Removing from',
        async () => {
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: madeUp() }))
          return null
        },
        handle,
      ),
      question(
        'ChangeMessageVisibility',
        'Keeping messages while they are worked on in',
        async () => {
          await sqs.send(
            new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: madeUp(), VisibilityTimeout: 0 }),
          )
          return null
        },
        handle,
      ),
    ]
  })
}

function topicQuestions({ channels }: EnvironmentInput, { sns }: ConnectClients): Question[] {
  return channels.sns.topicArns.map((TopicArn) => ({
    id: `ConfirmSubscription ${TopicArn}`,
    asks: `Confirming a subscription of ${TopicArn.split(':').at(-1)}`,
    permission: 'sns:ConfirmSubscription',
    ask: async () => {
      await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: madeUp() }))
      return null
    },
    allowedBy: ['InvalidParameter', 'InvalidParameterException', 'InvalidParameterValue'],
  }))
}

function gameLift(call: string, ask: Question['ask']): Question {
  return { id: call, asks: call, permission: `gamelift:${call}`, ask, allowedBy: NOT_THERE }
}

/** What the environment itself contradicts, though AWS let us ask. */
class Refused extends Error {}

async function check({ id, asks, permission, ask, allowedBy = [] }: Question): Promise<Check> {
  const became = (state: Check['state'], said: string | null, missing: string | null = null): Check => {
    return { id, asks, state, said, missing }
  }
  try {
    return became('ok', await ask())
  } catch (thrown) {
    const error = thrown as Error & { code?: string }
    if (error instanceof Refused || error.code === 'REFUSED') return became('refused', error.message)
    if (allowedBy.includes(error.name)) return became('ok', null)
    const said = `${error.name}: ${error.message}`
    return DENIED.test(error.name) ? became('refused', said, permission) : became('failed', said)
  }
}

/** The id of nothing: GameLift, SQS and SNS all say that it does not exist. */
function madeUp(): string {
  return `matchdesk-check-${randomUUID()}`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

async function allPages<Item>(
  readPage: (token: string | undefined) => Promise<{ items: Item[]; next: string | undefined }>,
): Promise<Item[]> {
  const found: Item[] = []
  let token: string | undefined
  for (let page = 0; page < MAX_PAGES; page++) {
    const { items, next } = await readPage(token)
    found.push(...items)
    if (!next) break
    token = next
  }
  return found
}
