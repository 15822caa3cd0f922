import 'server-only'
import { logLine } from '#lib/access/log.ts'
import { getRuntime, type Runtime } from '#lib/runtime.ts'
import { answerDelivery } from './answer-delivery.ts'
import { type Answer, responseOf } from './answers.ts'
import { createKnownSenders } from './eventbridge/known-senders.ts'
import { type EventBridgeDoor, receiveFromEventBridge } from './eventbridge/receive-eventbridge.ts'
import { createRefusalLog } from './refusal-log.ts'
import { snsEndpointOf } from './sns/certificate-url.ts'
import { createCertificateStore } from './sns/certificates.ts'
import { confirmSubscription } from './sns/confirm-subscription.ts'
import { confirmAwaited } from './sns/confirmation.ts'
import { fetchCertificate } from './sns/fetch-certificate.ts'
import { receiveFromSns, type SnsDoor } from './sns/receive-sns.ts'

interface Doors {
  eventbridge: EventBridgeDoor
  sns: SnsDoor
}
const doors = new WeakMap<Runtime, Doors>()
const logRefusal = createRefusalLog(Date.now)

/** The handler of a channel's route. Senders are told what `STATUS` says, in time, whatever happens. */
export function channelRoute<Name extends keyof Doors>(
  channel: Name,
  receive: (door: Doors[Name], environment: string, request: Request) => Promise<Answer>,
): (request: Request, context: { params: Promise<{ environment: string }> }) => Promise<Response> {
  return async (request, context) => {
    const { environment } = await context.params
    const answer = await answerDelivery(
      async () => receive(doorsOf(await getRuntime())[channel], environment, request),
      (error) =>
        logLine({ level: 'error', message: 'A delivery of events must come again', channel, environment, error }),
    )
    logRefusal(channel, environment, answer)
    return responseOf(answer)
  }
}

export const postSns = channelRoute('sns', receiveFromSns)
export const postEventBridge = channelRoute('eventbridge', receiveFromEventBridge)

function doorsOf(runtime: Runtime): Doors {
  const known = doors.get(runtime)
  if (known) return known
  const { db, environments } = runtime
  const made: Doors = {
    eventbridge: { db, environments, knownSenders: createKnownSenders(db, Date.now) },
    sns: {
      db,
      environments,
      certificates: createCertificateStore(fetchCertificate, Date.now),
      endpoint: snsEndpointOf(),
      now: Date.now,
      confirm: (environment, topicArn, token) => confirmAwaited(db, confirmSubscription, environment, topicArn, token),
      onNote: (environment, message, { topicArn }) => logLine({ level: 'warning', message, environment, topicArn }),
    },
  }
  doors.set(runtime, made)
  return made
}
