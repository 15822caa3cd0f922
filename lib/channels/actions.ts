'use server'

import { runAction } from '#lib/access/run-action.ts'
import { DEFAULT_ENVIRONMENT } from '#lib/environments/environment.ts'
import { type ActionResult, AppError } from '#lib/flexmatch/result.ts'
import { OpenConfirmationInput, type RotatedSecret, RotateSecretInput } from './channel-inputs.ts'
import { makeSecret } from './eventbridge/secrets.ts'
import { openConfirmations } from './sns/confirmation.ts'

/** A new secret for the senders of a channel. The one before it stays good for a day, so that nothing is lost meanwhile. */
export async function rotateChannelSecret(input: unknown): Promise<ActionResult<RotatedSecret>> {
  return runAction(RotateSecretInput, 'channel.secret', input, async ({ channel, endOldNow }, call) => {
    const { environment, runtime, showOnce } = call
    if (environment.name === DEFAULT_ENVIRONMENT) {
      throw new AppError('REFUSED', 'The secret of the local engine is set by MATCHDESK_INGEST_SECRET, at start.')
    }
    const { secret, endsOldAt } = await makeSecret(runtime.db, environment.name, channel, { endOldNow })
    showOnce({ secret })
    return { endsOldAt: endsOldAt?.toISOString() ?? null }
  })
}

/** From now on, for 15 minutes, a subscription of each topic of the environment is confirmed when SNS asks for it. */
export async function openConfirmation(input: unknown): Promise<ActionResult<{ waitsUntil: string }>> {
  return runAction(OpenConfirmationInput, 'channel.confirm', input, async (_, { environment, runtime, person }) => {
    if (environment.channels.sns.topicArns.length === 0) {
      throw new AppError('REFUSED', `${environment.label} has no SNS topic. Add its ARN to the environment first.`)
    }
    const until = await openConfirmations(runtime.db, environment, person.name)
    return { waitsUntil: until.toISOString() }
  })
}
