'use server'

import type { ActionCall } from '#lib/access/carry-out.ts'
import { runAction } from '#lib/access/run-action.ts'
import type { ActionResult } from '#lib/flexmatch/result.ts'
import type { Runtime } from '#lib/runtime.ts'
import { confirmRun } from './confirm.ts'
import { ConfirmBulkInput, PreviewAnswerInput, PreviewCancelInput, SteerBulkInput } from './inputs.ts'
import { auditActionOf } from './items.ts'
import { previewRun } from './preview.ts'
import { steerRun } from './steer.ts'
import { type BulkAction, type BulkPreviewView, type BulkSelection, type BulkState, confirmWord } from './views.ts'

type Call = ActionCall & { runtime: Runtime }
const CANCELS: readonly BulkAction[] = ['cancel']
const ANSWERS: readonly BulkAction[] = ['accept', 'reject']
const word = ({ environment, count }: ConfirmBulkInput) => confirmWord(environment, count)

async function preview(call: Call, action: BulkAction, selection: BulkSelection): Promise<BulkPreviewView> {
  const { runtime, environment, person } = call
  const { token, ...shown } = await previewRun(runtime.db, {
    ...{ environment, action, selection, person, most: runtime.settings.bulkMost, now: new Date() },
    mayTake: (count) => call.require(auditActionOf(action, count)),
  })
  call.showOnce({ token })
  return shown
}

async function confirm(call: Call, input: ConfirmBulkInput, actions: readonly BulkAction[]) {
  const { runtime, environment, person, requestId, reason } = call
  const { bulkId, token, count, confirmation } = input
  await confirmRun(runtime.db, {
    ...{ environment, bulkId, actions, token, count, confirmation, reason, person, requestId },
    most: runtime.settings.bulkMost,
    mayTake: (action, number) => call.require(auditActionOf(action, number)),
  })
  return { bulkId }
}

const steer = ({ runtime, environment }: Call, { bulkId, to }: SteerBulkInput, actions: readonly BulkAction[]) =>
  steerRun(runtime.db, { environment: environment.name, bulkId, actions, to })

// Each of these is a public POST endpoint: the input is `unknown`, and `runAction` decides everything before the work.

export async function previewCancel(input: unknown): Promise<ActionResult<BulkPreviewView>> {
  return runAction(
    PreviewCancelInput,
    'ticket.cancel-many',
    input,
    ({ selection }, call) => preview(call, 'cancel', selection),
    { onlyPrepares: true },
  )
}

export async function previewAnswer(input: unknown): Promise<ActionResult<BulkPreviewView>> {
  return runAction(
    PreviewAnswerInput,
    'match.answer-many',
    input,
    ({ selection, answer }, call) => preview(call, answer === 'ACCEPT' ? 'accept' : 'reject', selection),
    { onlyPrepares: true },
  )
}

/** Begun, not done: the run's page tells how far it is. */
export async function confirmCancel(input: unknown): Promise<ActionResult<{ bulkId: string }>> {
  return runAction(ConfirmBulkInput, 'ticket.cancel-many', input, (parsed, call) => confirm(call, parsed, CANCELS), {
    confirmWith: word,
  })
}

export async function confirmAnswer(input: unknown): Promise<ActionResult<{ bulkId: string }>> {
  return runAction(ConfirmBulkInput, 'match.answer-many', input, (parsed, call) => confirm(call, parsed, ANSWERS), {
    confirmWith: word,
  })
}

/** Whoever may start such a run may stop it, without a reason: to stop must be quick. */
export async function steerCancel(input: unknown): Promise<ActionResult<{ state: BulkState }>> {
  return runAction(SteerBulkInput, 'ticket.cancel-many', input, (parsed, call) => steer(call, parsed, CANCELS), {
    onlyPrepares: true,
  })
}

export async function steerAnswer(input: unknown): Promise<ActionResult<{ state: BulkState }>> {
  return runAction(SteerBulkInput, 'match.answer-many', input, (parsed, call) => steer(call, parsed, ANSWERS), {
    onlyPrepares: true,
  })
}
