import { MAX_MEMBERS } from '#lib/tickets/bounded-json.ts'
import { shapeProblem } from '#lib/web/json-shape.ts'

export type ReadBody = { ok: true; envelope: unknown } | { ok: false; reason: string }

const MAX_DEPTH = 32

/**
 * The event in a message's body. It comes as EventBridge writes it, or as SNS does: wrapped in a notification, or bare
 * with raw delivery. Never throws. Whether it is an event of ours is judged where all events are.
 */
export function readMessageBody(body: string): ReadBody {
  const outer = parse(body, 'the body')
  if (!outer.ok || !isSnsMessage(outer.envelope)) return outer
  const { Type, Message } = outer.envelope
  if (Type !== 'Notification')
    return { ok: false, reason: `the body is an SNS message of the type ${JSON.stringify(Type)}` }
  return parse(Message, 'the notification’s Message')
}

function parse(text: string, what: string): ReadBody {
  // JSON.parse takes a million levels without complaint; what comes after it does not.
  const problem = shapeProblem(text, { maxDepth: MAX_DEPTH, maxMembers: MAX_MEMBERS })
  if (problem !== null) return { ok: false, reason: `${what} ${problem}` }
  try {
    return { ok: true, envelope: JSON.parse(text) as unknown }
  } catch (error) {
    return { ok: false, reason: `${what} is not JSON: ${(error as Error).message}` }
  }
}

/** An event has no member called Type; every message of SNS has one. */
function isSnsMessage(value: unknown): value is { Type: string; Message: string } {
  if (typeof value !== 'object' || value === null) return false
  const { Type, Message, TopicArn } = value as Record<string, unknown>
  return typeof Type === 'string' && typeof Message === 'string' && typeof TopicArn === 'string'
}
