/** What an administrator or a file may say of an environment. Strict: a pasted key is an unknown member, so it is refused. */
import * as z from 'zod/mini'
import type { StoredEnvironment } from './environment.ts'

/** A name is the first part of addresses; below these there are others already. */
const TAKEN = new Set(['api', 'audit', 'environments', 'ingest', 'sign-in'])
const MAX_LISTED = 100

const text = (max: number) => z.string().check(z.trim(), z.minLength(1), z.maxLength(max))
const matching = (pattern: RegExp, error: string) => z.string().check(z.regex(pattern, { error }))
const upTo = <T extends z.ZodMiniType>(item: T) => z.array(item).check(z.maxLength(MAX_LISTED))

export const EnvironmentName = matching(
  /^[a-z][a-z0-9-]{0,31}$/,
  'a name has 1 to 32 lower-case letters, digits and hyphens, and begins with a letter',
).check(z.refine((name) => !TAKEN.has(name), { error: 'this name is an address of Matchdesk itself' }))
const RoleArn = matching(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, 'it is not the ARN of a role')
const TopicArn = matching(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'it is not the ARN of a topic')
const HttpUrl = z
  .string()
  .check(z.maxLength(1_000), z.refine(isHttpUrl, { error: 'it is not an http or https address' }))

const SHOWN = {
  label: text(100),
  colour: z._default(z.enum(['grey', 'blue', 'teal', 'green', 'amber', 'orange', 'red', 'purple']), 'grey'),
  protection: z.enum(['open', 'guarded', 'protected']),
  retentionDays: z._default(z.int().check(z.minimum(1), z.maximum(400)), 30),
}

/** What can be said of the built-in environment. */
export const LocalInput = z.strictObject(SHOWN)
export type LocalInput = z.infer<typeof LocalInput>

export const EnvironmentInput = z
  .strictObject({
    name: EnvironmentName,
    ...SHOWN,
    region: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'it is not a region such as eu-central-1'),
    accountId: z._default(z.nullable(matching(/^\d{12}$/, 'an account has twelve digits')), null),
    kind: z._default(z.enum(['aws', 'local']), 'aws'),
    endpoint: z._default(z.nullable(HttpUrl), null),
    credentials: z._default(
      z.strictObject({
        profile: z.optional(matching(/^[\w.@+-]{1,100}$/, 'it is not the name of a profile')),
        readRoleArn: z.optional(RoleArn),
        writeRoleArn: z.optional(RoleArn),
        externalId: z.optional(matching(/^[\w+=,.@:/-]{2,1224}$/, 'it is not an external id')),
      }),
      {},
    ),
    /** null follows all. */
    configurations: z._default(
      z.nullable(upTo(matching(/^[a-zA-Z0-9.-]{1,128}$/, 'it is not the name of a configuration'))),
      null,
    ),
    fleets: z._default(upTo(text(512)), []),
    channels: z._default(
      z.strictObject({
        sns: z._default(z.strictObject({ topicArns: upTo(TopicArn) }), { topicArns: [] }),
        sqs: z._default(upTo(z.strictObject({ queueUrl: HttpUrl })), []),
        eventbridge: z._default(z.boolean(), false),
      }),
      { sns: { topicArns: [] }, sqs: [], eventbridge: false },
    ),
    callsPerSecond: z._default(z.number().check(z.minimum(0.1), z.maximum(100)), 5),
  })
  .check(
    z.refine(({ kind, endpoint }) => kind === 'aws' || endpoint !== null, {
      error: 'an engine has an endpoint',
      path: ['endpoint'],
    }),
  )
export type EnvironmentInput = z.infer<typeof EnvironmentInput>

/** What an administrator would have to say to get this environment. */
export function inputOf(environment: StoredEnvironment & { onProductionList?: boolean }): EnvironmentInput {
  const { managedBy: _, revision: __, onProductionList: ___, configurations, fleets, ...rest } = environment
  return { ...rest, configurations: configurations && [...configurations], fleets: [...fleets] }
}

function isHttpUrl(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
}
