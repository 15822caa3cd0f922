import { describe, expect, it } from 'vitest'
import { BodyRefused } from '#lib/tickets/bounded-json.ts'
import { Unavailable } from '#lib/tickets/receive.ts'
import { answerDelivery, answerTo } from './answer-delivery.ts'
import { type AnswerKind, responseOf, STATUS } from './answers.ts'

/** Written out once more: whoever changes what a sender is told changes it in two places and thinks twice. */
const EXPECTED: Record<AnswerKind, number> = {
  taken: 200,
  confirmed: 200,
  noted: 200,
  unreadable: 400,
  'unknown-sender': 401,
  forged: 403,
  foreign: 403,
  old: 403,
  'not-awaited': 403,
  'too-large': 413,
  'cut-off': 503,
  'certificate-unavailable': 503,
  'store-unavailable': 503,
  'sns-unavailable': 503,
  'out-of-time': 503,
  unexpected: 503,
}

describe('what senders are told', () => {
  it('is in one table', async () => {
    expect(STATUS).toEqual(EXPECTED)
    for (const is of Object.keys(STATUS) as AnswerKind[]) {
      const response = responseOf({ is, reason: 'why' })
      expect([response.status, response.headers.get('cache-control')]).toEqual([STATUS[is], 'no-store'])
    }
  })

  it('never asks a sender of SNS to slow down: it would take that for delivered', () => {
    expect(Object.values(STATUS)).not.toContain(429)
    expect(new Set(Object.values(STATUS).filter((status) => status >= 500))).toEqual(new Set([503]))
  })

  it.each([
    new Unavailable('The events could not be stored.', { cause: new Error('57P01') }),
    new BodyRefused(408, 'The body did not arrive within 3 s.', true),
    new BodyRefused(400, 'The body broke off.', true),
    Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' }),
    Object.assign(new Error('terminating connection'), { code: '57P01' }),
    Object.assign(new Error('too many clients'), { code: '53300' }),
    Object.assign(new Error('deadlock detected'), { code: '40P01' }),
    Object.assign(new Error('could not serialize'), { code: '40001' }),
    Object.assign(new Error('disk full'), { code: '53100' }),
    Object.assign(new Error('statement timeout'), { code: '57014' }),
    Object.assign(new Error('unique'), { code: '23505' }),
    Object.assign(new Error('no such table'), { code: '42P01' }),
    new Error('timeout exceeded when trying to connect'),
    new TypeError('fetch failed'),
    new TypeError("Cannot read properties of undefined (reading 'x')"),
    new RangeError('Maximum call stack size exceeded'),
    new DOMException('The operation was aborted', 'AbortError'),
    new DOMException('The operation timed out', 'TimeoutError'),
    Object.assign(new Error('ExpiredToken'), { name: 'ExpiredTokenException' }),
    'a text',
    undefined,
    null,
  ])('is 503 for trouble of ours: %s', async (trouble) => {
    expect(STATUS[answerTo(trouble).is]).toBe(503)
    const heard: unknown[] = []
    const answer = await answerDelivery(
      () => Promise.reject(trouble),
      (error) => heard.push(error),
    )
    expect(STATUS[answer.is]).toBe(503)
    expect(heard).toEqual([trouble])
    // Senders are told to come again, and nothing else.
    if (trouble instanceof Error && !(trouble instanceof BodyRefused))
      expect(answer.reason).not.toContain(trouble.message)
  })

  it('is below 500 only for what will not become good', () => {
    expect(STATUS[answerTo(new BodyRefused(400, 'not JSON')).is]).toBe(400)
    expect(STATUS[answerTo(new BodyRefused(413, 'too large')).is]).toBe(413)
  })

  it('comes in time, however long the work takes', async () => {
    const heard: unknown[] = []
    const begun = performance.now()
    const answer = await answerDelivery(
      () => new Promise(() => {}),
      (error) => heard.push(error),
      50,
    )
    expect(answer.is).toBe('out-of-time')
    expect(performance.now() - begun).toBeLessThan(1_000)
    expect(heard).toHaveLength(1)
  })
})
