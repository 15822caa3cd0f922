/** GameLift as AWS can be: our engine behind a door that throttles, keeps silent and knows which keys are still good. */
import type { IncomingMessage } from 'node:http'
import type { FaultPlan } from './fault-plan.ts'
import { type Answer, type Served, serve } from './serve.ts'
import type { KnownKeys } from './sts.ts'

export interface GameLiftCall {
  operation: string
  /** Of a call that is about one ticket. */
  ticketId: string | null
  /** The RoleSessionName of the keys, or null for keys that no role stands behind. */
  session: string | null
  at: number
  answer: 'answered' | 'refused' | 'throttled' | 'expired' | 'silent' | 'carried out, silent'
}

/** A moment of a call that can be seen from outside. */
export type CallMoment = 'received' | 'carried out'

export interface GameLiftProxy extends Served {
  calls: GameLiftCall[]
  /**
   * Hears of every call before it is forwarded and before it is answered; the call waits for it, and is cut off when it
   * throws.
   */
  watch(listener: (operation: string, moment: CallMoment) => unknown): void
}

const WRITES = /^(Start|Stop|Accept|Create|Update|Delete)/

export async function startGameLiftProxy(given: {
  engine: string
  plan: () => FaultPlan
  keys: KnownKeys
  chance: (percent: number) => boolean
}): Promise<GameLiftProxy> {
  const calls: GameLiftCall[] = []
  const listeners: ((operation: string, moment: CallMoment) => unknown)[] = []
  const tell = async (operation: string, moment: CallMoment) => {
    for (const listener of listeners) await listener(operation, moment)
  }
  const served = await serve(async (request, body) => {
    const plan = given.plan()
    const operation = operationOf(request)
    const note = (answer: GameLiftCall['answer']) =>
      calls.push({
        operation,
        ticketId: ticketIdOf(body),
        session: given.keys.sessionOf(request.headers.authorization),
        at: Date.now(),
        answer,
      })
    await tell(operation, 'received')
    if (plan.blackHole) {
      note('silent')
      return null
    }
    if (plan.credentials === 'expired' || given.keys.isExpired(request.headers.authorization)) {
      note('expired')
      return refusal('ExpiredTokenException', 'The security token included in the request is expired')
    }
    if (given.chance(plan.throttlePercent)) {
      note('throttled')
      return refusal('ThrottlingException', 'Rate exceeded')
    }
    const answer = await forward(given.engine, request, body)
    const isSilent = plan.afterEffect === 'time-out' && WRITES.test(operation)
    if (isSilent) note('carried out, silent')
    else note(answer.status === 200 ? 'answered' : 'refused')
    await tell(operation, 'carried out')
    return isSilent ? null : answer
  })
  return { ...served, calls, watch: (listener) => void listeners.push(listener) }
}

/** In the words of AWS JSON 1.1, the protocol of the client that is tested through this. */
function refusal(type: string, message: string): Answer {
  return {
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': type },
    body: JSON.stringify({ __type: type, message }),
  }
}

function operationOf({ headers, url }: IncomingMessage): string {
  const target = headers['x-amz-target']
  if (typeof target === 'string') return target.slice(target.lastIndexOf('.') + 1)
  return (url ?? '').slice((url ?? '').lastIndexOf('/') + 1)
}

function ticketIdOf(body: Buffer): string | null {
  try {
    return (JSON.parse(body.toString()) as { TicketId?: string }).TicketId ?? null
  } catch {
    return null // CBOR: not what the product speaks
  }
}

async function forward(engine: string, request: IncomingMessage, body: Buffer): Promise<Answer> {
  const {
    host: _host,
    connection: _connection,
    'content-length': _length,
    expect: _expect,
    ...headers
  } = request.headers
  const response = await fetch(`${engine}${request.url}`, {
    method: request.method,
    headers: headers as Record<string, string>,
    body: body.length > 0 ? new Uint8Array(body) : null,
  })
  const answered = Object.fromEntries(
    [...response.headers].filter(([name]) => /^(content-type|x-amz|smithy)/.test(name)),
  )
  return { status: response.status, headers: answered, body: Buffer.from(await response.arrayBuffer()) }
}
