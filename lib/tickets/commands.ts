/**
 * What the server actions do once they may: ask the matchmaker, show what was asked as requested, and look soon whether
 * it happened. An accepted command is never taken for its outcome.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ActionCall } from '#lib/access/carry-out.ts'
import { toFailure } from '#lib/access/failure.ts'
import { logLine } from '#lib/access/log.ts'
import type { Db } from '#lib/db/pool.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import type { Matchmaker } from '#lib/matchmaker/matchmaker.ts'
import { parseMatchmakerData } from '#lib/matchmaker/matchmaker-data.ts'
import { turnOffBackfill } from './backfill-off.ts'
import type { AnswerMatchInput, AnswerOutcome, BackfillOffOutcome, StartBackfillInput } from './inputs.ts'
import { markRequested } from './requests.ts'
import { backfillPlayers, backfillTicketId } from './start-backfill.ts'

export interface Commanding {
  db: Db
  matchmaker: Matchmaker
  call: ActionCall
  /** Describes tickets and ingests the answer. */
  describeNow: (ticketIds: readonly string[]) => Promise<unknown>
  /** Does the same a moment later and apart from the action, so that a lost event does not leave a row unconfirmed. */
  describeSoon: (ticketIds: readonly string[]) => void
}

const ANSWERS_AT_ONCE = 5

export async function cancel(commanding: Commanding, ticketId: string): Promise<void> {
  await stopAudited(commanding, ticketId, commanding.call.auditId)
}

async function stopAudited(commanding: Commanding, ticketId: string, auditId: number): Promise<void> {
  try {
    await commanding.matchmaker.stop(ticketId)
  } finally {
    // Also after a refusal: whoever was told "it is already COMPLETED" must not look at an older row.
    commanding.describeSoon([ticketId])
  }
  await show(commanding, ticketId, 'cancel', auditId)
}

/** One AcceptMatch call per ticket, each with its own audit row and its own fate; one refusal does not stop the others. */
export async function answerMatch(commanding: Commanding, input: AnswerMatchInput): Promise<AnswerOutcome[]> {
  const { call, matchmaker } = commanding
  const waiting = [...input.answers.entries()]
  const outcomes: AnswerOutcome[] = []
  const answerOne = async (asked: AnswerMatchInput['answers'][number]): Promise<AnswerOutcome> => {
    const { ticketId, playerIds } = asked
    try {
      await call.step(ticketId, { ticketId, playerIds, answer: input.answer }, async (auditId) => {
        await matchmaker.accept(ticketId, playerIds, input.answer)
        await show(commanding, ticketId, input.answer === 'ACCEPT' ? 'accept' : 'reject', auditId, playerIds)
      })
      return { ...asked, refused: null, code: null }
    } catch (error) {
      const { code, message } = toFailure(error, call.requestId, 'match.answer')
      return { ...asked, refused: message, code }
    }
  }
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, answer] = next
      outcomes[index] = await answerOne(answer)
    }
  }
  try {
    await Promise.all(Array.from({ length: ANSWERS_AT_ONCE }, worker))
  } finally {
    commanding.describeSoon(input.answers.map((answer) => answer.ticketId))
  }
  return outcomes
}

export async function turnOffAutomaticBackfill(
  commanding: Commanding,
  gameSessionArn: string,
): Promise<BackfillOffOutcome> {
  return turnOffBackfill(gameSessionArn, {
    matchmaker: commanding.matchmaker,
    stop: (ticketId) =>
      commanding.call.step(ticketId, { ticketId, gameSessionArn }, (auditId) =>
        stopAudited(commanding, ticketId, auditId),
      ),
    sleep: (ms) => sleep(ms),
    now: () => performance.now(),
  })
}

/** The new ticket's id. Its row appears when the first event or describe speaks of it. */
export async function startBackfill(commanding: Commanding, input: StartBackfillInput): Promise<{ ticketId: string }> {
  const { matchmaker, call } = commanding
  const { gameSessionArn, configuration } = input
  const session = await matchmaker.describeGameSession(gameSessionArn)
  if (!session) throw new AppError('NOT_FOUND', `GameLift does not know the game session ${gameSessionArn}.`)
  const players = backfillPlayers(parseMatchmakerData(session.matchmakerData, gameSessionArn), input.players)
  const ticketId = backfillTicketId(call.requestId)
  try {
    await matchmaker.startBackfill({ ticketId, configuration, gameSessionArn, players })
  } finally {
    commanding.describeSoon([ticketId])
  }
  return { ticketId }
}

/** The command was accepted by now: that it could not be shown as requested must not turn it into a failure. */
async function show(
  { db, call }: Commanding,
  ticketId: string,
  action: 'cancel' | 'accept' | 'reject',
  auditId: number,
  playerIds?: readonly string[],
): Promise<void> {
  const request = { action, at: Date.now(), by: call.person.name, auditId: String(auditId), playerIds }
  await markRequested(db, call.environment.name, ticketId, request).catch((error: unknown) => {
    logLine({ level: 'warning', message: 'A request could not be shown on its row', ticketId, error })
  })
}
