import 'server-only'
import { logLine } from '#lib/access/log.ts'
import { isKnownSender } from '#lib/access/sender.ts'
import { DEFAULT_ENVIRONMENT } from '#lib/environments/environment.ts'
import { getRuntime } from '#lib/runtime.ts'
import { ingestRequest } from '#lib/tickets/ingest-request.ts'
import { ANSWER_WITHIN_MS } from './answer-delivery.ts'
import { createKnownSenders, type KnownSenders } from './eventbridge/known-senders.ts'
import { whyForeign } from './foreign.ts'

const HEADERS = { 'cache-control': 'no-store' }
let knownSenders: KnownSenders | null = null

/**
 * A delivery of events for one environment, by our own engine or a program of somebody's own. Our own trouble is always
 * 503, because senders take a 4xx for an answer and do not come again. Nothing is read before the sender is known.
 */
export async function receiveByWebhook(request: Request, environmentName: string): Promise<Response> {
  let timer: NodeJS.Timeout | undefined
  // Who the sender is and what the environment is may be questions to a database that is frozen.
  const late = new Promise<Response>((resolve) => {
    const tooLate = () => resolve(refuse(503, 'INTERNAL', 'It took too long. Deliver it again.'))
    timer = setTimeout(tooLate, ANSWER_WITHIN_MS)
  })
  try {
    return await Promise.race([receive(request, environmentName), late])
  } finally {
    clearTimeout(timer)
  }
}

function refuse(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status, headers: HEADERS })
}

async function receive(request: Request, environmentName: string): Promise<Response> {
  try {
    const { settings, environments, db } = await getRuntime()
    const isDefault = environmentName === DEFAULT_ENVIRONMENT
    if (isDefault && settings.ingestSecrets.length === 0) {
      return refuse(503, 'INTERNAL', 'MATCHDESK_INGEST_SECRET is not set, so no sender can be told from another.')
    }
    // The secret of the installation is shared with the engine: it opens nothing but the engine's own environment.
    knownSenders ??= createKnownSenders(db, Date.now)
    const isKnown = isDefault
      ? isKnownSender(request.headers, settings.ingestSecrets)
      : await knownSenders(request.headers, environmentName, 'webhook')
    if (!isKnown) {
      return refuse(401, 'NOT_SIGNED_IN', 'The secret is missing or wrong. Send it in the header x-matchdesk-secret.')
    }
    const environment = await environments.find(environmentName)
    if (!environment)
      return refuse(404, 'NOT_FOUND', `There is no environment called ${JSON.stringify(environmentName)}.`)
    const answer = await ingestRequest(db, environment, 'webhook', request, {
      withinMs: ANSWER_WITHIN_MS,
      whyRefused: (envelope) => whyForeign(environment, envelope),
      onTrouble: (error) =>
        logLine({ level: 'error', message: 'Events could not be stored', environment: environment.name, error }),
    })
    return Response.json(answer.body, { status: answer.status, headers: HEADERS })
  } catch (error) {
    logLine({ level: 'error', message: 'Events could not be received', environment: environmentName, error })
    return refuse(503, 'INTERNAL', 'The events could not be received. Deliver them again.')
  }
}
