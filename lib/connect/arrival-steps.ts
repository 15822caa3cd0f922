/** The way of the first event, step by step, from what is known of it. Pure. */
import type { Channel } from '#lib/environments/environment.ts'
import type { EnvironmentInput } from '#lib/environments/environment-input.ts'
import type { ArrivalView } from './arrival.ts'

export interface ArrivalStep {
  id: string
  text: string
  state: 'done' | 'waiting' | 'problem'
  /** What is wrong, in the words of whoever said so. */
  said: string | null
}

const FIRST: Record<Channel, string> = {
  webhook: 'The engine has posted an event',
  sqs: 'A message has come from the queue',
  sns: 'SNS has delivered a message',
  eventbridge: 'EventBridge has delivered an event',
}

export function arrivalSteps(saved: Pick<EnvironmentInput, 'kind' | 'channels'>, view: ArrivalView): ArrivalStep[] {
  const steps: ArrivalStep[] = []
  const add = (id: string, text: string, done: boolean, said: string | null = null) => {
    steps.push({ id, text, state: said !== null ? 'problem' : done ? 'done' : 'waiting', said })
  }
  add('answers', view.outage ? 'GameLift does not answer' : 'GameLift answers', true, view.outage?.message ?? null)
  for (const channel of channelsOf(saved)) {
    if (channel === 'webhook' || channel === 'eventbridge') {
      add(`secret ${channel}`, `${SENDERS[channel]} has a secret`, view.secrets[channel] > 0)
    }
    if (channel === 'sns') {
      for (const topicArn of saved.channels.sns.topicArns) {
        const known = view.subscriptions.find((each) => each.topicArn === topicArn)
        const done = known?.confirmed === true
        const topic = topicArn.split(':').at(-1)
        add(
          `subscription ${topicArn}`,
          `The subscription of ${topic} is confirmed`,
          done,
          done ? null : (known?.problem ?? null),
        )
      }
    }
    const came = view.channels.find((each) => each.channel === channel)
    const refused = came && came.refused === came.received ? 'Everything that came was refused.' : null
    add(`first ${channel}`, FIRST[channel], came !== undefined, came ? refused : null)
  }
  if (view.setAside.waiting > 0) {
    const said = `${view.setAside.waiting} could not be taken: ${view.setAside.reason ?? 'no reason was noted'}`
    add('set aside', 'Messages can be taken', false, said)
  }
  add('ticket', 'A ticket is known', view.newestTicketId !== null)
  return steps
}

const SENDERS = { webhook: 'The engine', eventbridge: 'EventBridge' }

function channelsOf({ kind, channels }: Pick<EnvironmentInput, 'kind' | 'channels'>): Channel[] {
  const chosen: Channel[] = []
  if (kind === 'local') chosen.push('webhook')
  if (channels.sqs.length > 0) chosen.push('sqs')
  if (channels.sns.topicArns.length > 0) chosen.push('sns')
  if (channels.eventbridge) chosen.push('eventbridge')
  return chosen
}
