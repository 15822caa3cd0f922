/**
 * The door in front of Next: every request of the web process passes here before anything of it is believed, and every
 * answer, whoever wrote it, goes out with what `policy.ts` says. It decides nothing about people: that is asked where data
 * is read and where something is done. Decision 0033.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { cookieValue, sessionCookieName } from '#lib/access/origin.ts'
import { actionBodyProblem, MAX_ACTION_BYTES } from './action-body.ts'
import { answerWith } from './answer-headers.ts'
import { type Asker, answerRefused, type Refusal } from './answer-refused.ts'
import { holdBody } from './hold-body.ts'
import { shapeProblem } from './json-shape.ts'
import { newNonce, pagePolicy } from './policy.ts'
import { createRateLimit } from './rate-limit.ts'
import { ADDRESS_HEADER, dropClaims, readTarget, type Target } from './request-head.ts'

const REQUEST_START = 'http.server.request.start'

export interface DoorOptions {
  /** Where browsers reach the dashboard. */
  origins: readonly string[]
  /** How many proxies in front say truly whom they heard. */
  trustedHops: number
  now?: () => number
  /** How long a body may take, where the door keeps it back. */
  bodyWithinMs?: number
  /** How long any body may take. */
  closeAfterMs?: number
  /** Deliveries of events that are taken in hand at once, of all senders together. Each holds at most a body of 1 MB. */
  mostDeliveries?: number
}

export const MUTATIONS = { most: 60, withinSeconds: 60 }
export const SIGN_INS = { most: 50, withinSeconds: 15 * 60 }
const METHODS = ['GET', 'HEAD', 'POST']

/** Puts the door before every server of this process, from its next request on. Returns how to leave the next ones alone. */
export function openDoor(options: DoorOptions): () => void {
  const seen = new WeakSet<Server>()
  const see = (message: unknown) => {
    const { server } = message as { server: Server }
    if (seen.has(server)) return
    seen.add(server)
    const behind = server.listeners('request') as RequestListener[]
    server.removeAllListeners('request')
    server.on(
      'request',
      createDoor(options, (request, response) => {
        for (const listener of behind) listener.call(server, request, response)
      }),
    )
    // Nothing here speaks anything but HTTP; without a listener Node answers the request as if nothing had been asked.
    if (process.env.NODE_ENV !== 'development') server.removeAllListeners('upgrade')
  }
  subscribe(REQUEST_START, see)
  return () => unsubscribe(REQUEST_START, see)
}

/** The door alone, before any listener. */
export function createDoor(options: DoorOptions, behind: RequestListener): RequestListener {
  const { trustedHops, now, bodyWithinMs = 10_000, closeAfterMs = 15_000, mostDeliveries = 1_000 } = options
  const served = new Map(options.origins.map((origin) => [new URL(origin).host, new URL(origin)]))
  const mutations = createRateLimit(MUTATIONS, now)
  const signIns = createRateLimit(SIGN_INS, now)
  let deliveries = 0

  return (request, response) => {
    dropClaims(request, trustedHops)
    const target = readTarget(request.url ?? '')
    const asker = askerOf(request, target)
    const isSecure = originOf(request)?.protocol === 'https:'
    const nonce = target === null || target.isApi || target.isFile ? null : newNonce()
    answerWith(response, {
      policy: nonce === null ? null : pagePolicy(nonce),
      isFile: target?.isFile === true,
      isSecure,
    })
    // Next writes the nonce it reads here into the scripts of the page.
    if (nonce !== null) request.headers['content-security-policy'] = pagePolicy(nonce)

    const refuse = (refusal: Refusal) => {
      answerRefused(response, asker, refusal)
      discard(request)
    }
    const refusal = target === null ? UNREADABLE : (refusalOf(request, target) ?? floodOf(request, target))
    if (target === null || refusal !== null) return refuse(refusal ?? UNREADABLE)
    if (!hasBody(request)) return behind(request, response)
    closeWhenLate(request, closeAfterMs)
    if (target.isIngest) return deliver(request, response)
    holdBody(request, { withinMs: bodyWithinMs }, (body) => {
      switch (body.is) {
        case 'gone':
          return
        case 'late':
          return refuse({ ...LATE, message: `The body did not arrive within ${bodyWithinMs / 1000} s.` })
        case 'whole': {
          const problem = bodyProblem(request, body.text)
          if (problem !== null) return refuse({ ...MALFORMED, message: `What was sent ${problem}.` })
          behind(request, response)
          body.passOn()
        }
      }
    })
  }

  /** Where the browser reached us, if it is one of ours. */
  function originOf({ headers }: IncomingMessage): URL | undefined {
    return served.get(headers.host?.toLowerCase() ?? '')
  }

  /** Of a browser without a session, where it is. */
  function whoAsks(request: IncomingMessage): string {
    const origin = originOf(request)
    const get = (name: string) => request.headers[name]?.toString() ?? null
    const sessionId = origin && cookieValue({ get }, sessionCookieName(origin))
    return sessionId ? `session ${sessionId.slice(0, 100)}` : `address ${request.headers[ADDRESS_HEADER]}`
  }

  function floodOf(request: IncomingMessage, target: Target): Refusal | null {
    if (request.method === 'POST' && !target.isIngest) {
      return tooMany(mutations.take(whoAsks(request)), 'Too many actions within a minute.')
    }
    if (target.path === '/sign-in' && (request.method === 'POST' || request.url !== target.path)) {
      return tooMany(
        signIns.take(String(request.headers[ADDRESS_HEADER])),
        'Too many attempts to sign in from this address.',
      )
    }
    return null
  }

  /** Senders are never told 429: SNS takes it for an answer and does not come again. */
  function deliver(request: IncomingMessage, response: ServerResponse): void {
    if (deliveries >= mostDeliveries) {
      answerRefused(response, 'api', BUSY)
      discard(request)
      return
    }
    deliveries++
    response.once('close', () => deliveries--)
    behind(request, response)
  }
}

const UNREADABLE: Refusal = {
  status: 400,
  title: 'This address cannot be read',
  message:
    'A percent sign in it is not followed by what stands for a character, or it points elsewhere than it says. Copy the whole address again.',
}
const LATE = { status: 408, title: 'Too slow', close: true }
const MALFORMED = { status: 400, title: 'This cannot be read' }
const TOO_LARGE: Refusal = {
  status: 413,
  title: 'Too large',
  message: `The body is larger than ${MAX_ACTION_BYTES} bytes.`,
}
const BUSY: Refusal = {
  status: 503,
  title: 'Busy',
  message: 'Too many deliveries at once. Deliver it again.',
  retryAfterSeconds: 1,
}

function tooMany(seconds: number | null, message: string): Refusal | null {
  if (seconds === null) return null
  return {
    status: 429,
    title: 'Too many requests',
    message: `${message} Try again in ${seconds} s.`,
    retryAfterSeconds: seconds,
  }
}

function askerOf(request: IncomingMessage, target: Target | null): Asker {
  if (request.headers['next-action'] !== undefined) return 'action'
  return (target?.path ?? request.url ?? '').startsWith('/api/') ? 'api' : 'page'
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}

/** What can be said without reading the body. */
function refusalOf(request: IncomingMessage, target: Target): Refusal | null {
  const { method = '', headers } = request
  if (!METHODS.includes(method)) {
    const message = `Matchdesk is asked with ${METHODS.join(', ')}, not ${method}.`
    return { status: 405, title: 'Not this way', message, headers: { allow: METHODS.join(', ') } }
  }
  if (!hasBody(request)) return null
  if (method !== 'POST') {
    return { ...MALFORMED, message: `A body cannot be sent with ${method}.`, close: true }
  }
  if (target.isIngest) return null
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return { status: 415, title: 'Not this way', message: 'The body is compressed; send it as it is.', close: true }
  }
  // Browsers always say how much they send.
  if (headers['content-length'] === undefined) {
    return { status: 411, title: 'Not this way', message: 'The length of the body is not said.', close: true }
  }
  return Number(headers['content-length']) > MAX_ACTION_BYTES ? TOO_LARGE : null
}

const JSON_LIMITS = { maxDepth: 32, maxMembers: 10_000 }

function bodyProblem({ headers, url }: IncomingMessage, text: string): string | null {
  const type = headers['content-type']
  // Its own pages tell Next's development server what they saw.
  if (process.env.NODE_ENV === 'development' && url?.startsWith('/__nextjs')) return null
  if (headers['next-action'] !== undefined) return actionBodyProblem(type, text)
  if (/^application\/json(;|$)/i.test(type ?? '')) return shapeProblem(text, JSON_LIMITS)
  if (/^application\/x-www-form-urlencoded(;|$)/i.test(type ?? '')) return null
  return 'has a content type that is not taken here'
}

/** Most of what somebody may still send after they were refused. */
const MOST_DISCARDED_BYTES = 4 * 1024 * 1024

/** Reads on without keeping anything, so that whoever was refused gets to see why instead of a broken connection. */
function discard(request: IncomingMessage): void {
  if (request.complete) return
  let discarded = 0
  request.on('error', () => {})
  request.on('data', (chunk: Buffer) => {
    discarded += chunk.length
    if (discarded > MOST_DISCARDED_BYTES) request.destroy()
  })
}

/** Ends the connection of who does not get a body over, whether anybody reads it or not. */
function closeWhenLate(request: IncomingMessage, afterMs: number): void {
  const timer = setTimeout(() => request.socket.destroy(), afterMs)
  timer.unref()
  const stop = () => clearTimeout(timer)
  request.once('end', stop)
  request.once('close', stop)
}
