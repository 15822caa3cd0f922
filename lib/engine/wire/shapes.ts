/**
 * The shapes of the GameLift API model that the operations here use, as data. Names and constraints are the model's.
 * What the documentation limits beyond the model (players per ticket, attributes per player, …) is written here too, so
 * that it is answered in the same words.
 */

export interface StringShape {
  kind: 'string'
  min?: number
  max?: number
  /** As the service prints it; matched against the whole value. */
  pattern?: string
  enum?: readonly string[]
  /** The value is never repeated in a message. */
  sensitive?: true
  /** An empty value counts as a member that was left out. */
  emptyIsAbsent?: true
}
export interface IntegerShape {
  kind: 'integer'
  min?: number
  max?: number
}
export interface DoubleShape {
  kind: 'double'
}
export interface BooleanShape {
  kind: 'boolean'
}
export interface ListShape {
  kind: 'list'
  member: Shape
  min?: number
  max?: number
}
export interface MapShape {
  kind: 'map'
  key: StringShape
  value: Shape
  max?: number
}
export interface StructShape {
  kind: 'struct'
  members: Readonly<Record<string, Shape>>
  required: readonly string[]
  /** A union: exactly one member may be set. */
  exactlyOne?: true
}
export type Shape = StringShape | IntegerShape | DoubleShape | BooleanShape | ListShape | MapShape | StructShape

export function struct(members: Record<string, Shape>, required: string[] = []): StructShape {
  return { kind: 'struct', members, required }
}
export function list(member: Shape, limits: { min?: number; max?: number } = {}): ListShape {
  return { kind: 'list', member, ...limits }
}
function oneOf(...values: string[]): StringShape {
  return { kind: 'string', enum: values }
}

const idPattern = '^[a-zA-Z0-9-\\.]*$'
const double: DoubleShape = { kind: 'double' }

export const boolean: BooleanShape = { kind: 'boolean' }
export const positiveInteger: IntegerShape = { kind: 'integer', min: 1 }
export const wholeNumber: IntegerShape = { kind: 'integer', min: 0 }
export const nonZeroAndMaxString: StringShape = { kind: 'string', min: 1, max: 1024 }
export const ticketId: StringShape = { kind: 'string', max: 128, pattern: idPattern, emptyIsAbsent: true }
/** The model has no minimum for names; an empty name would be a resource nobody can address. */
export const newName: StringShape = { kind: 'string', min: 1, max: 128, pattern: idPattern }
export const configurationName: StringShape = {
  kind: 'string',
  min: 1,
  max: 256,
  pattern: '^[a-zA-Z0-9-\\.]*$|^arn:.*:matchmakingconfiguration\\/[a-zA-Z0-9-\\.]*$',
}
export const ruleSetName: StringShape = {
  kind: 'string',
  min: 1,
  max: 256,
  pattern: '^[a-zA-Z0-9-\\.]*$|^arn:.*:matchmakingruleset\\/[a-zA-Z0-9-\\.]*$',
}
export const ruleSetBody: StringShape = { kind: 'string', min: 1, max: 65_535 }
export const arn: StringShape = { kind: 'string', min: 1, max: 512, pattern: '^[a-zA-Z0-9:/-]+$' }
export const snsArn: StringShape = { kind: 'string', min: 0, max: 300, pattern: '^[a-zA-Z0-9:_/-]*(\\.fifo)?$' }
export const customEventData: StringShape = { kind: 'string', min: 0, max: 256, sensitive: true }
export const gameSessionData: StringShape = { kind: 'string', min: 1, max: 4096, sensitive: true }
export const gameProperties = list(
  struct({ Key: { kind: 'string', max: 32 }, Value: { kind: 'string', max: 96, sensitive: true } }, ['Key', 'Value']),
  { max: 16 },
)
export const acceptanceType = oneOf('ACCEPT', 'REJECT')
export const backfillMode = oneOf('AUTOMATIC', 'MANUAL')
export const flexMatchMode = oneOf('STANDALONE', 'WITH_QUEUE')
export const playerSessionCreationPolicy = oneOf('ACCEPT_ALL', 'DENY_ALL')
export const protectionPolicy = oneOf('NoProtection', 'FullProtection')
export const terminationMode = oneOf('TRIGGER_ON_PROCESS_TERMINATE', 'FORCE_TERMINATE')
export const requestTimeoutSeconds: IntegerShape = { kind: 'integer', min: 1, max: 43_200 }
export const acceptanceTimeoutSeconds: IntegerShape = { kind: 'integer', min: 1, max: 600 }

const tagKey: StringShape = { kind: 'string', min: 1, max: 128 }
export const tags = list(struct({ Key: tagKey, Value: { kind: 'string', min: 0, max: 256 } }, ['Key', 'Value']), {
  max: 200,
})
export const tagKeys = list(tagKey, { max: 200 })
export const resourceArn: StringShape = { kind: 'string', min: 1, max: 1011 }

export const playerId: StringShape = { kind: 'string', min: 1, max: 1024, sensitive: true }
const attributeString: StringShape = { kind: 'string', min: 1, max: 100 }
const attributeValue: StructShape = {
  kind: 'struct',
  members: {
    S: attributeString,
    N: double,
    SL: list(attributeString, { max: 100 }),
    SDM: { kind: 'map', key: attributeString, value: double, max: 10 },
  },
  required: [],
  exactlyOne: true,
}
const player = struct(
  {
    PlayerId: playerId,
    PlayerAttributes: { kind: 'map', key: nonZeroAndMaxString, value: attributeValue, max: 10 },
    Team: nonZeroAndMaxString,
    LatencyInMs: { kind: 'map', key: { kind: 'string', min: 1 }, value: positiveInteger },
  },
  ['PlayerId'],
)
export const newPlayers = list(player, { min: 1, max: 10 })
/** Empty is allowed: everybody may have left the session. */
export const sessionPlayers = list(player, { max: 199 })

export const queueName: StringShape = { kind: 'string', min: 1, max: 128, pattern: '^[a-zA-Z0-9-]+$' }
export const queueNameOrArn: StringShape = {
  kind: 'string',
  min: 1,
  max: 256,
  pattern: '^[a-zA-Z0-9-]+$|^arn:.*:gamesessionqueue\\/[a-zA-Z0-9-]+$',
}
export const queueTimeoutSeconds: IntegerShape = { kind: 'integer', min: 10, max: 600 }
export const queueSnsArn: StringShape = { kind: 'string', min: 0, max: 300, pattern: '^[a-zA-Z0-9:_-]*(\\.fifo)?$' }
export const location: StringShape = { kind: 'string', min: 1, max: 64, pattern: '^[A-Za-z0-9\\-]+$' }
export const locations = list(location, { min: 1, max: 100 })
export const priorityTypes = list(oneOf('LATENCY', 'COST', 'DESTINATION', 'LOCATION'), { min: 1, max: 4 })
export const fleetIdOrArn: StringShape = {
  kind: 'string',
  min: 1,
  max: 512,
  pattern: '^[a-z]*fleet-[a-zA-Z0-9\\-]+$|^arn:.*:[a-z]*fleet\\/[a-z]*fleet-[a-zA-Z0-9\\-]+$',
}
export const aliasIdOrArn: StringShape = {
  kind: 'string',
  min: 1,
  max: 512,
  pattern: '^alias-\\S+$|^arn:.*:alias\\/alias-\\S+$',
}
export const playerSessionId: StringShape = { kind: 'string', min: 1, max: 128, pattern: '^psess-\\S+$' }
