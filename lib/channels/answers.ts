/**
 * What senders of events are told, in one table. SNS takes anything below 500 for delivered and EventBridge most of it,
 * so a 4xx is said only of what will not become good by coming again. Our own trouble is 503, every time.
 */
export const STATUS = {
  /** On disk, or known before, or not followed here. */
  taken: 200,
  /** A subscription was confirmed. */
  confirmed: 200,
  /** A message that asks for nothing. */
  noted: 200,

  unreadable: 400,
  /** Nobody we know. EventBridge tries these again, so that a secret exchanged in the wrong order loses nothing. */
  'unknown-sender': 401,
  /** Not signed by SNS, or not as it stands. */
  forged: 403,
  /** Of another topic, account or region. */
  foreign: 403,
  old: 403,
  /** A subscription that nobody here is waiting for, or that SNS does not confirm. */
  'not-awaited': 403,
  'too-large': 413,

  /** The body was slow or broke off: a network, not the event. */
  'cut-off': 503,
  'certificate-unavailable': 503,
  'store-unavailable': 503,
  'sns-unavailable': 503,
  'out-of-time': 503,
  unexpected: 503,
} as const satisfies Record<string, number>

export type AnswerKind = keyof typeof STATUS
export interface Answer {
  is: AnswerKind
  /** For the person who sets the sender up; never what our own trouble consists of. */
  reason: string
}

export function responseOf({ is, reason }: Answer): Response {
  const status = STATUS[is]
  const body = status === 200 ? { is } : { error: { is, message: reason } }
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}
