'use server'

import { cookies } from 'next/headers'
import type { ActionCall } from '#lib/access/carry-out.ts'
import { moveDemoSwitch, readDemoSwitch } from '#lib/access/demo-switch.ts'
import { logLine } from '#lib/access/log.ts'
import { sessionCookieName } from '#lib/access/origin.ts'
import { runAction } from '#lib/access/run-action.ts'
import { endSession } from '#lib/access/sessions.ts'
import { type ActionResult, AppError } from '#lib/flexmatch/result.ts'
import type { Runtime } from '#lib/runtime.ts'
import * as commands from './commands.ts'
import {
  AnswerMatchInput,
  type AnswerOutcome,
  type BackfillOffOutcome,
  CancelTicketInput,
  RefreshTicketInput,
  SetDemoTrafficInput,
  SignOutInput,
  StartBackfillInput,
  TurnOffAutomaticBackfillInput,
} from './inputs.ts'
import { describeNow } from './reconcile.ts'

/** A ticket just acted upon is looked at after this long: late enough for its event to have come first. */
const CONFIRM_AFTER_MS = 1_500

function commandingOf(call: ActionCall & { runtime: Runtime }): commands.Commanding {
  const { runtime, environment } = call
  const matchmaker = runtime.matchmakerOf(environment)
  const look = (ticketIds: readonly string[]) => describeNow(runtime.db, environment.name, matchmaker, ticketIds)
  return {
    db: runtime.db,
    matchmaker,
    call,
    describeNow: look,
    describeSoon(ticketIds) {
      setTimeout(() => {
        // Only sooner than the reconciler: what fails here is due there.
        look(ticketIds).catch((error: unknown) =>
          logLine({ level: 'warning', message: 'A look at tickets acted upon failed', ticketIds, error }),
        )
      }, CONFIRM_AFTER_MS)
    },
  }
}

// Each of these is a public POST endpoint: the input is `unknown`, and `runAction` decides everything before the work.

/** Accepted, not done: the row shows the request until an event or a describe says CANCELLED. */
export async function cancelTicket(input: unknown): Promise<ActionResult<{ ticketId: string }>> {
  return runAction(CancelTicketInput, 'ticket.cancel', input, async ({ ticketId }, call) => {
    await commands.cancel(commandingOf(call), ticketId)
    return { ticketId }
  })
}

/** Succeeds also when some tickets refused: the outcomes, in the order of the input, say which and why. */
export async function answerMatch(input: unknown): Promise<ActionResult<AnswerOutcome[]>> {
  return runAction(AnswerMatchInput, 'match.answer', input, (parsed, call) =>
    commands.answerMatch(commandingOf(call), parsed),
  )
}

export async function turnOffAutomaticBackfill(input: unknown): Promise<ActionResult<BackfillOffOutcome>> {
  return runAction(TurnOffAutomaticBackfillInput, 'backfill.off', input, ({ gameSessionArn }, call) =>
    commands.turnOffAutomaticBackfill(commandingOf(call), gameSessionArn),
  )
}

export async function startBackfill(input: unknown): Promise<ActionResult<{ ticketId: string }>> {
  return runAction(StartBackfillInput, 'backfill.start', input, (parsed, call) =>
    commands.startBackfill(commandingOf(call), parsed),
  )
}

/** Reads the ticket from GameLift; what it says is in the index when this succeeds. */
export async function refreshTicket(input: unknown): Promise<ActionResult<{ ticketId: string }>> {
  return runAction(RefreshTicketInput, 'ticket.refresh', input, async ({ ticketId }, call) => {
    await commandingOf(call).describeNow([ticketId])
    return { ticketId }
  })
}

export async function setDemoTraffic(input: unknown): Promise<ActionResult<{ running: boolean }>> {
  return runAction(SetDemoTrafficInput, 'demo.switch', input, async ({ running }, { runtime, person, changed }) => {
    if (!runtime.settings.demo) {
      throw new AppError(
        'REFUSED',
        'Matchdesk was started without demo traffic. Start it with MATCHDESK_DEMO=1 to have some.',
      )
    }
    const before = await readDemoSwitch(runtime.db)
    await moveDemoSwitch(runtime.db, running, person.name, new Date())
    changed({ running: before.running }, { running })
    return { running }
  })
}

export async function signOut(input: unknown): Promise<ActionResult<null>> {
  return runAction(SignOutInput, 'own.sign-out', input, async (_, { runtime, sessionId, origin }) => {
    await endSession(runtime.db, sessionId)
    const jar = await cookies()
    // Set and not deleted: a __Host- cookie is replaced only by one with the same attributes.
    const secure = origin.protocol === 'https:'
    jar.set(sessionCookieName(origin), '', { path: '/', maxAge: 0, httpOnly: true, sameSite: 'lax', secure })
    return null
  })
}
