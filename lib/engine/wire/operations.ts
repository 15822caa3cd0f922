import type { Operation } from '#lib/engine/core/contract.ts'
import * as shape from './shapes.ts'

const { list, struct } = shape

const configurationMembers = {
  Description: shape.nonZeroAndMaxString,
  GameSessionQueueArns: list(shape.arn),
  RequestTimeoutSeconds: shape.requestTimeoutSeconds,
  AcceptanceTimeoutSeconds: shape.acceptanceTimeoutSeconds,
  AcceptanceRequired: shape.boolean,
  RuleSetName: shape.ruleSetName,
  NotificationTarget: shape.snsArn,
  AdditionalPlayerCount: shape.wholeNumber,
  CustomEventData: shape.customEventData,
  GameProperties: shape.gameProperties,
  GameSessionData: shape.gameSessionData,
  BackfillMode: shape.backfillMode,
  FlexMatchMode: shape.flexMatchMode,
}
const page = { Limit: shape.positiveInteger, NextToken: shape.nonZeroAndMaxString }
const gameSessionSelectors = {
  FleetId: shape.fleetIdOrArn,
  GameSessionId: shape.arn,
  AliasId: shape.aliasIdOrArn,
  Location: shape.location,
  StatusFilter: shape.nonZeroAndMaxString,
  ...page,
}

/** What each operation takes. A member that is not listed here is ignored, as the service ignores what it does not know. */
export const INPUT_SHAPES: Readonly<Record<Operation, shape.StructShape>> = {
  StartMatchmaking: struct(
    { TicketId: shape.ticketId, ConfigurationName: shape.configurationName, Players: shape.newPlayers },
    ['ConfigurationName', 'Players'],
  ),
  DescribeMatchmaking: struct({ TicketIds: list(shape.ticketId, { min: 1, max: 10 }) }, ['TicketIds']),
  StopMatchmaking: struct({ TicketId: shape.ticketId }, ['TicketId']),
  AcceptMatch: struct(
    {
      TicketId: shape.ticketId,
      PlayerIds: list(shape.playerId, { min: 1 }),
      AcceptanceType: shape.acceptanceType,
    },
    ['TicketId', 'PlayerIds', 'AcceptanceType'],
  ),
  StartMatchBackfill: struct(
    {
      TicketId: shape.ticketId,
      ConfigurationName: shape.configurationName,
      GameSessionArn: shape.arn,
      Players: shape.sessionPlayers,
    },
    ['ConfigurationName', 'Players'],
  ),
  CreateMatchmakingConfiguration: struct({ Name: shape.newName, ...configurationMembers, Tags: shape.tags }, [
    'Name',
    'RequestTimeoutSeconds',
    'AcceptanceRequired',
    'RuleSetName',
  ]),
  UpdateMatchmakingConfiguration: struct({ Name: shape.configurationName, ...configurationMembers }, ['Name']),
  DescribeMatchmakingConfigurations: struct({
    Names: list(shape.configurationName),
    RuleSetName: shape.ruleSetName,
    ...page,
  }),
  DeleteMatchmakingConfiguration: struct({ Name: shape.configurationName }, ['Name']),
  CreateMatchmakingRuleSet: struct({ Name: shape.newName, RuleSetBody: shape.ruleSetBody, Tags: shape.tags }, [
    'Name',
    'RuleSetBody',
  ]),
  DescribeMatchmakingRuleSets: struct({
    Names: list(shape.ruleSetName, { min: 1, max: 10 }),
    Limit: { kind: 'integer', min: 1, max: 10 },
    NextToken: shape.nonZeroAndMaxString,
  }),
  DeleteMatchmakingRuleSet: struct({ Name: shape.ruleSetName }, ['Name']),
  ValidateMatchmakingRuleSet: struct({ RuleSetBody: shape.ruleSetBody }, ['RuleSetBody']),
  ListTagsForResource: struct({ ResourceARN: shape.resourceArn }, ['ResourceARN']),
  TagResource: struct({ ResourceARN: shape.resourceArn, Tags: shape.tags }, ['ResourceARN', 'Tags']),
  UntagResource: struct({ ResourceARN: shape.resourceArn, TagKeys: shape.tagKeys }, ['ResourceARN', 'TagKeys']),
  DescribeGameSessions: struct(gameSessionSelectors),
  DescribeGameSessionDetails: struct(gameSessionSelectors),
  SearchGameSessions: struct({
    FleetId: shape.fleetIdOrArn,
    AliasId: shape.aliasIdOrArn,
    Location: shape.location,
    FilterExpression: shape.nonZeroAndMaxString,
    SortExpression: shape.nonZeroAndMaxString,
    ...page,
  }),
  DescribePlayerSessions: struct({
    GameSessionId: shape.arn,
    PlayerId: shape.playerId,
    PlayerSessionId: shape.playerSessionId,
    PlayerSessionStatusFilter: shape.nonZeroAndMaxString,
    ...page,
  }),
  UpdateGameSession: struct(
    {
      GameSessionId: shape.arn,
      MaximumPlayerSessionCount: shape.wholeNumber,
      Name: shape.nonZeroAndMaxString,
      PlayerSessionCreationPolicy: shape.playerSessionCreationPolicy,
      ProtectionPolicy: shape.protectionPolicy,
      GameProperties: shape.gameProperties,
    },
    ['GameSessionId'],
  ),
  TerminateGameSession: struct({ GameSessionId: shape.arn, TerminationMode: shape.terminationMode }, [
    'GameSessionId',
    'TerminationMode',
  ]),
  DescribeGameSessionQueues: struct({ Names: list(shape.queueNameOrArn), ...page }),
  CreateGameSessionQueue: struct(
    {
      Name: shape.queueName,
      TimeoutInSeconds: shape.queueTimeoutSeconds,
      PlayerLatencyPolicies: list(
        struct({
          MaximumIndividualPlayerLatencyMilliseconds: shape.wholeNumber,
          PolicyDurationSeconds: shape.wholeNumber,
        }),
      ),
      Destinations: list(struct({ DestinationArn: shape.arn })),
      FilterConfiguration: struct({ AllowedLocations: shape.locations }),
      PriorityConfiguration: struct({ PriorityOrder: shape.priorityTypes, LocationOrder: shape.locations }),
      CustomEventData: { kind: 'string', max: 256, sensitive: true },
      NotificationTarget: shape.queueSnsArn,
      Tags: shape.tags,
    },
    ['Name'],
  ),
}

/** Narrows a name that came from outside; inherited names such as `constructor` are no operations. */
export function isOperation(name: string): name is Operation {
  return Object.hasOwn(INPUT_SHAPES, name)
}
