/** The same as the template, as commands of the AWS CLI to copy one by one. */
import { EVENT_PATTERN, type EventsWanted, namesOf, type Wanted } from './names.ts'
import { EVENTBRIDGE_TRUST, readPolicy, roleName, trustPolicy, writePolicy } from './policies.ts'

export interface Command {
  /** What it does, in a line. */
  does: string
  command: string
}

export function commands(wanted: Wanted, events: EventsWanted): Command[] {
  return [
    ...roleCommands(wanted),
    ...(events.sqs ? queueCommands(wanted) : []),
    ...(events.sns ? topicCommands(wanted, events) : []),
    ...(events.eventbridge ? destinationCommands(wanted, events) : []),
  ]
}

function roleCommands(wanted: Wanted): Command[] {
  const { readRoleArn, writeRoleArn } = wanted.credentials
  return (
    [
      ['read', readRoleArn, readPolicy(wanted)],
      ['write', writeRoleArn, writePolicy(wanted)],
    ] as const
  ).flatMap(([name, arn, policy]) => {
    const role = roleName(arn)
    const policyName = `matchdesk-${wanted.name}-${name}`
    if (role === null) {
      const command = aws('iam create-policy', { 'policy-name': policyName, 'policy-document': policy })
      return [{ does: `The policy to ${name}, to attach to what Matchdesk runs as`, command }]
    }
    const trust = trustPolicy(wanted, 'MATCHDESK_PRINCIPAL_ARN')
    return [
      {
        does: `The role to ${name}`,
        command: aws('iam create-role', { 'role-name': role, 'assume-role-policy-document': trust }),
      },
      {
        does: `What the role to ${name} may do`,
        command: aws('iam put-role-policy', {
          'role-name': role,
          'policy-name': policyName,
          'policy-document': policy,
        }),
      },
    ]
  })
}

function queueCommands(wanted: Wanted): Command[] {
  const { region } = wanted
  const { queue, queueArn, queueUrl, deadLetters, rule, ruleArn } = namesOf(wanted)
  const policy = allow('events.amazonaws.com', 'sqs:SendMessage', queueArn, { ArnEquals: { 'aws:SourceArn': ruleArn } })
  const redrive = { deadLetterTargetArn: queueArn.replace(/[^:]+$/, deadLetters), maxReceiveCount: '5' }
  return [
    {
      does: 'A queue for messages that nobody could take',
      command: aws('sqs create-queue', {
        region,
        'queue-name': deadLetters,
        attributes: { MessageRetentionPeriod: '1209600' },
      }),
    },
    {
      does: 'The queue that Matchdesk empties',
      command: aws('sqs create-queue', {
        region,
        'queue-name': queue,
        attributes: {
          MessageRetentionPeriod: '1209600',
          VisibilityTimeout: '30',
          RedrivePolicy: JSON.stringify(redrive),
          Policy: JSON.stringify(policy),
        },
      }),
    },
    { does: 'The rule that picks events of matchmaking and placement', command: putRule(wanted, rule) },
    {
      does: `From the rule into the queue (${queueUrl})`,
      command: aws('events put-targets', { region, rule, targets: [{ Id: 'queue', Arn: queueArn }] }),
    },
  ]
}

function topicCommands(wanted: Wanted, events: EventsWanted): Command[] {
  const { region } = wanted
  const { topic, topicArn, snsAddress, partition, account } = namesOf(wanted, events.publicUrl)
  const source = { ArnLike: { 'aws:SourceArn': `arn:${partition}:gamelift:${region}:${account}:*` } }
  const policy = allow('gamelift.amazonaws.com', 'sns:Publish', topicArn, source)
  return [
    {
      does: 'The topic that GameLift publishes to',
      command: aws('sns create-topic', {
        region,
        name: topic,
        attributes: { SignatureVersion: '2', Policy: JSON.stringify(policy) },
      }),
    },
    ...(wanted.configurations ?? ['CONFIGURATION']).map((name) => ({
      does: `Events of ${name} go to the topic`,
      command: aws('gamelift update-matchmaking-configuration', { region, name, 'notification-target': topicArn }),
    })),
    {
      does: 'From the topic to Matchdesk, which confirms it while you wait below',
      command: aws('sns subscribe', {
        region,
        'topic-arn': topicArn,
        protocol: 'https',
        'notification-endpoint': snsAddress,
      }),
    },
  ]
}

function destinationCommands(wanted: Wanted, events: EventsWanted): Command[] {
  const { region } = wanted
  const { queue, eventbridgeAddress, partition, account } = namesOf(wanted, events.publicUrl)
  const rule = `${queue}-destination`
  const role = `${queue}-destination`
  const arn = (resource: string) => `arn:${partition}:events:${region}:${account}:${resource}`
  const invoke = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'events:InvokeApiDestination', Resource: arn(`api-destination/${queue}/*`) },
    ],
  }
  return [
    {
      // Not quoted for the shell by us: the secret comes from a variable and stands in no text of ours.
      does: 'What EventBridge shows to be known. Put the secret into the variable MATCHDESK_SECRET first',
      command: `aws events create-connection --region ${region} --name ${queue} --authorization-type API_KEY --auth-parameters "ApiKeyAuthParameters={ApiKeyName=x-matchdesk-secret,ApiKeyValue=$MATCHDESK_SECRET}"`,
    },
    {
      does: 'The address of Matchdesk. The ARN of the connection is in the answer before',
      command: aws('events create-api-destination', {
        region,
        name: queue,
        'connection-arn': 'CONNECTION_ARN',
        'invocation-endpoint': eventbridgeAddress,
        'http-method': 'POST',
      }),
    },
    {
      does: 'A role with which EventBridge may call it',
      command: aws('iam create-role', { 'role-name': role, 'assume-role-policy-document': EVENTBRIDGE_TRUST }),
    },
    {
      does: 'What that role may do',
      command: aws('iam put-role-policy', { 'role-name': role, 'policy-name': 'invoke', 'policy-document': invoke }),
    },
    { does: 'The rule that picks events of matchmaking and placement', command: putRule(wanted, rule) },
    {
      does: 'From the rule to Matchdesk. The ARN of the destination is in the answer above',
      command: aws('events put-targets', {
        region,
        rule,
        targets: [
          { Id: 'matchdesk', Arn: 'DESTINATION_ARN', RoleArn: `arn:${partition}:iam::${account}:role/${role}` },
        ],
      }),
    },
  ]
}

function putRule({ region }: Wanted, name: string): string {
  return aws('events put-rule', { region, name, 'event-pattern': EVENT_PATTERN })
}

function allow(service: string, action: string, resource: string, condition: object) {
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: service }, Action: action, Resource: resource, Condition: condition },
    ],
  }
}

function aws(verb: string, options: Record<string, unknown>): string {
  const words = Object.entries(options).map(
    ([name, value]) => `--${name} ${quoted(typeof value === 'string' ? value : JSON.stringify(value))}`,
  )
  return `aws ${verb} ${words.join(' ')}`
}

/** As one word for a POSIX shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
