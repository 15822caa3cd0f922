'use server'

import { runAction } from '#lib/access/run-action.ts'
import { type ActionResult, AppError } from '#lib/flexmatch/result.ts'
import { drop, redrive, redriveWaiting } from './set-aside.ts'
import { DrainInput, DropInput, RedriveInput, type RedriveResult } from './set-aside-inputs.ts'
import { drain } from './sqs/drain.ts'
import { openQueue } from './sqs/open-queue.ts'

/** Gives messages to the index again. Succeeds also when it refuses them again: the result says how many, and why. */
export async function redriveSetAside(input: unknown): Promise<ActionResult<RedriveResult>> {
  return runAction(RedriveInput, 'ingest.redrive', input, async ({ ids }, { runtime, environment }) =>
    ids === 'waiting' ? redriveWaiting(runtime.db, environment) : redrive(runtime.db, environment, ids),
  )
}

/** Puts messages away that are nobody's to use. */
export async function dropSetAside(input: unknown): Promise<ActionResult<{ dropped: number }>> {
  return runAction(DropInput, 'ingest.redrive', input, async ({ ids }, { runtime, environment }) => ({
    dropped: await drop(runtime.db, environment.name, ids),
  }))
}

/** Takes what a queue has put away, the way its poller would. What is refused again stays there. */
export async function drainDeadLetters(input: unknown): Promise<ActionResult<RedriveResult>> {
  return runAction(DrainInput, 'ingest.redrive', input, async ({ queueUrl }, { runtime, environment }) => {
    if (!environment.channels.sqs.some((queue) => queue.queueUrl === queueUrl)) {
      throw new AppError('NOT_FOUND', `${environment.label} has no queue ${queueUrl}.`)
    }
    return drain(runtime.db, environment, queueUrl, openQueue)
  })
}
