/**
 * What the server actions accept. Parsed from `unknown`: each action is a public POST endpoint. `requestId` is made by
 * the page once per click, so that a repeated send is recognised and carried out once.
 */
import * as z from 'zod/mini'
import type { ErrorCode } from '#lib/flexmatch/result.ts'

const environment = z.string().check(z.regex(/^[a-z0-9-]{1,64}$/))
const requestId = z.uuid()
const ticketId = z.string().check(z.regex(/^[a-zA-Z0-9-.]{1,128}$/))
const playerId = z.string().check(z.minLength(1), z.maxLength(1024))
const gameSessionArn = z.string().check(z.minLength(1), z.maxLength(512))

export const CancelTicketInput = z.strictObject({ environment, requestId, ticketId })
export const AnswerMatchInput = z.strictObject({
  environment,
  requestId,
  answer: z.enum(['ACCEPT', 'REJECT']),
  /** One AcceptMatch call per entry: GameLift takes players of one ticket at a time. */
  answers: z
    .array(z.strictObject({ ticketId, playerIds: z.array(playerId).check(z.minLength(1), z.maxLength(10)) }))
    .check(z.minLength(1), z.maxLength(200)),
})
export const TurnOffAutomaticBackfillInput = z.strictObject({ environment, requestId, gameSessionArn })
export const StartBackfillInput = z.strictObject({
  environment,
  requestId,
  gameSessionArn,
  configuration: z.string().check(z.minLength(1), z.maxLength(256)),
  players: z
    .array(
      z.strictObject({
        playerId,
        team: z.string().check(z.minLength(1), z.maxLength(1024)),
        /** Matchmaker data's attributes, turned back into the API's by the action. */
        include: z.boolean(),
      }),
    )
    .check(z.maxLength(199)),
})
export const RefreshTicketInput = z.strictObject({ environment, requestId, ticketId })
export const SetDemoTrafficInput = z.strictObject({ requestId, running: z.boolean() })
export const SignOutInput = z.strictObject({ requestId })

export type CancelTicketInput = z.infer<typeof CancelTicketInput>
export type AnswerMatchInput = z.infer<typeof AnswerMatchInput>
export type TurnOffAutomaticBackfillInput = z.infer<typeof TurnOffAutomaticBackfillInput>
export type StartBackfillInput = z.infer<typeof StartBackfillInput>

/** Per ticket, because a match has many and each call has its own fate. */
export interface AnswerOutcome {
  ticketId: string
  playerIds: string[]
  /** null when GameLift took the answer; otherwise why not, or why that is not known. */
  refused: string | null
  /** What `refused` is; UNCONFIRMED means that the answer may have been taken all the same. */
  code: ErrorCode | null
}
export interface BackfillOffOutcome {
  /** In the order they were stopped. Empty when none was live. */
  stoppedTicketIds: string[]
  /** How often MatchmakerData was read and compared. */
  checks: number
  /** MatchmakerData as last read: mode and id, the proof shown to the operator. */
  autoBackfillMode: string | null
  autoBackfillTicketId: string | null
}
