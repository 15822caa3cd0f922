/** Everything an environment needs in its account as one CloudFormation template. No secret is ever in it. */
import { EVENT_PATTERN, type EventsWanted, namesOf, type Wanted } from './names.ts'
import { EVENTBRIDGE_TRUST, readPolicy, roleName, trustPolicy, writePolicy } from './policies.ts'

type Resource = { Type: string; Properties?: object; DependsOn?: string[] }
const ref = (Ref: string) => ({ Ref })
const arnOf = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] })
const sourceIs = (arn: unknown) => ({ ArnEquals: { 'aws:SourceArn': arn } })
const DAY_SECONDS = 86_400

/** JSON, which CloudFormation takes as it takes YAML. */
export function template(wanted: Wanted, events: EventsWanted): string {
  const parameters: Record<string, object> = {}
  const resources: Record<string, Resource> = {}
  addRoles(wanted, parameters, resources)
  if (events.sqs) addQueue(wanted, resources)
  if (events.sns) addTopic(wanted, events, resources)
  if (events.eventbridge) addDestination(wanted, events, parameters, resources)
  return JSON.stringify(
    {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: `What Matchdesk needs for its environment ${wanted.name} in ${wanted.region}`,
      ...(Object.keys(parameters).length > 0 ? { Parameters: parameters } : {}),
      Resources: resources,
    },
    null,
    2,
  )
}

function addRoles(wanted: Wanted, parameters: Record<string, object>, resources: Record<string, Resource>) {
  const { readRoleArn, writeRoleArn } = wanted.credentials
  // Without roles the rights belong to whoever Matchdesk runs as; then they are policies to attach there.
  for (const [name, arn, policy] of [
    ['Read', readRoleArn, readPolicy(wanted)],
    ['Write', writeRoleArn, writePolicy(wanted)],
  ] as const) {
    const role = roleName(arn)
    const PolicyName = `matchdesk-${wanted.name}-${name.toLowerCase()}`
    if (role === null) {
      const Properties = { ManagedPolicyName: PolicyName, PolicyDocument: policy }
      resources[`${name}Policy`] = { Type: 'AWS::IAM::ManagedPolicy', Properties }
      continue
    }
    parameters.MatchdeskPrincipal = {
      Type: 'String',
      Description: 'ARN of the role or user that Matchdesk runs as',
    }
    resources[`${name}Role`] = {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: role,
        AssumeRolePolicyDocument: trustPolicy(wanted, ref('MatchdeskPrincipal')),
        Policies: [{ PolicyName, PolicyDocument: policy }],
      },
    }
  }
}

function addQueue(wanted: Wanted, resources: Record<string, Resource>) {
  const { queue, deadLetters, rule } = namesOf(wanted)
  resources.DeadLetters = {
    Type: 'AWS::SQS::Queue',
    Properties: { QueueName: deadLetters, MessageRetentionPeriod: 14 * DAY_SECONDS },
  }
  resources.Queue = {
    Type: 'AWS::SQS::Queue',
    Properties: {
      QueueName: queue,
      // Long enough for Matchdesk to be away; it empties the queue when it is back.
      MessageRetentionPeriod: 14 * DAY_SECONDS,
      VisibilityTimeout: 30,
      RedrivePolicy: { deadLetterTargetArn: arnOf('DeadLetters'), maxReceiveCount: 5 },
    },
  }
  resources.QueuePolicy = {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [ref('Queue')],
      PolicyDocument: allow('events.amazonaws.com', 'sqs:SendMessage', arnOf('Queue'), arnOf('QueueRule')),
    },
  }
  resources.QueueRule = {
    Type: 'AWS::Events::Rule',
    Properties: {
      Name: rule,
      EventPattern: EVENT_PATTERN,
      Targets: [{ Id: 'queue', Arn: arnOf('Queue') }],
    },
  }
}

function addTopic(wanted: Wanted, events: EventsWanted, resources: Record<string, Resource>) {
  const { topic, snsAddress, partition, account } = namesOf(wanted, events.publicUrl)
  const configurations = `arn:${partition}:gamelift:${wanted.region}:${account}:*`
  resources.Topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: topic, SignatureVersion: '2' } }
  resources.TopicPolicy = {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [ref('Topic')],
      PolicyDocument: allow('gamelift.amazonaws.com', 'sns:Publish', ref('Topic'), configurations, 'ArnLike'),
    },
  }
  resources.Subscription = {
    Type: 'AWS::SNS::Subscription',
    Properties: { TopicArn: ref('Topic'), Protocol: 'https', Endpoint: snsAddress },
    DependsOn: ['TopicPolicy'],
  }
}

function addDestination(
  wanted: Wanted,
  events: EventsWanted,
  parameters: Record<string, object>,
  resources: Record<string, Resource>,
) {
  const { queue, eventbridgeAddress } = namesOf(wanted, events.publicUrl)
  parameters.MatchdeskSecret = {
    Type: 'String',
    NoEcho: true,
    Description: 'The secret for EventBridge that Matchdesk showed once',
  }
  resources.Connection = {
    Type: 'AWS::Events::Connection',
    Properties: {
      Name: queue,
      AuthorizationType: 'API_KEY',
      AuthParameters: {
        ApiKeyAuthParameters: { ApiKeyName: 'x-matchdesk-secret', ApiKeyValue: ref('MatchdeskSecret') },
      },
    },
  }
  resources.Destination = {
    Type: 'AWS::Events::ApiDestination',
    Properties: {
      Name: queue,
      ConnectionArn: arnOf('Connection'),
      HttpMethod: 'POST',
      InvocationEndpoint: eventbridgeAddress,
      InvocationRateLimitPerSecond: 300,
    },
  }
  resources.UndeliveredEvents = {
    Type: 'AWS::SQS::Queue',
    Properties: { QueueName: `${queue}-undelivered`, MessageRetentionPeriod: 14 * DAY_SECONDS },
  }
  resources.UndeliveredEventsPolicy = {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [ref('UndeliveredEvents')],
      PolicyDocument: allow(
        'events.amazonaws.com',
        'sqs:SendMessage',
        arnOf('UndeliveredEvents'),
        arnOf('DestinationRule'),
      ),
    },
  }
  resources.DestinationRole = {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: EVENTBRIDGE_TRUST,
      Policies: [
        {
          PolicyName: 'invoke',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 'events:InvokeApiDestination', Resource: arnOf('Destination') }],
          },
        },
      ],
    },
  }
  resources.DestinationRule = {
    Type: 'AWS::Events::Rule',
    Properties: {
      Name: `${queue}-destination`,
      EventPattern: EVENT_PATTERN,
      Targets: [
        {
          Id: 'matchdesk',
          Arn: arnOf('Destination'),
          RoleArn: arnOf('DestinationRole'),
          RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: DAY_SECONDS },
          DeadLetterConfig: { Arn: arnOf('UndeliveredEvents') },
        },
      ],
    },
  }
}

function allow(service: string, action: string, resource: unknown, source: unknown, like?: 'ArnLike') {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: action,
        Resource: resource,
        Condition: like ? { [like]: { 'aws:SourceArn': source } } : sourceIs(source),
      },
    ],
  }
}
