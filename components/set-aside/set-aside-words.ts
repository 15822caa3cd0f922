import type { RedriveResult } from '#lib/channels/set-aside-inputs.ts'
import type { QueueStateView, SetAsideRow } from '#lib/tickets/views.ts'

export const CHANNEL_WORDS: Record<SetAsideRow['channel'], string> = {
  sqs: 'SQS',
  sns: 'SNS',
  eventbridge: 'EventBridge',
  webhook: 'Webhook',
}

export const STATE_WORDS: Record<SetAsideRow['state'], string> = {
  waiting: 'Waiting',
  taken: 'Taken',
  dropped: 'Dropped',
}

export const STATE_LINES: Record<SetAsideRow['state'], string> = {
  waiting: 'Messages that came and could not be used, each with the reason. Nothing of them is in the index.',
  taken: 'Messages that were set aside once and are in the index now: redriven, or taken when they came again.',
  dropped: 'Messages that somebody put away. They can still be given to the index.',
}

/** How a redrive went, in one sentence; the reasons follow it. */
export function redriveSentence({ taken, refused, more }: RedriveResult): string {
  const again = refused.reduce((sum, { count }) => sum + count, 0)
  const parts = [taken === 0 ? 'None was taken' : `${messages(taken)} taken`]
  if (again > 0) parts.push(`${messages(again)} refused again`)
  return `${parts.join(', ')}.${more ? ' There are more: redrive again.' : ''}`
}

export function messages(count: number): string {
  return count === 1 ? '1 message' : `${count.toLocaleString('en')} messages`
}

/** Waiting for longer than one batch takes: the index is behind. */
const MANY = 100

/** How a queue stands, in one sentence. */
export function queueSentence({ waiting, inHand, problem }: QueueStateView): string {
  if (problem !== null || waiting === null) return problem ?? 'Nothing is known of it yet.'
  if (waiting === 0)
    return inHand ? `Empty but for ${messages(inHand)} in hand.` : 'Empty: everything that came is in the index.'
  return `${waiting >= MANY ? 'Catching up: about' : 'About'} ${messages(waiting)} waiting, ${inHand ?? 0} in hand.`
}
