import { expect, it } from 'vitest'
import type { IntegrityView } from '#lib/tickets/views.ts'
import { verdict } from './verdict.ts'

const channel = {
  channel: 'sqs' as const,
  received: 10,
  added: 10,
  repeated: 0,
  copies: 0,
  late: 0,
  ignored: 0,
  refused: 0,
  lagP50Ms: 32,
  lagP99Ms: 64,
  lastEventAt: null,
  missing: null,
}
const good: IntegrityView = {
  since: '2026-11-20T12:00:00Z',
  channels: [channel],
  gaps: { total: 0, byType: [] },
  budget: null,
  unconfirmed: 0,
  presumed: 0,
  setAside: 0,
  outage: null,
}

it('says the worst first, and good only when nothing is in doubt', () => {
  expect(verdict(good).tone).toBe('good')
  const steps: Partial<IntegrityView>[] = [
    { channels: [{ ...channel, received: 0 }] },
    { presumed: 2 },
    { unconfirmed: 1 },
    {
      budget: {
        perSecond: 5,
        allowedPerSecond: 0.25,
        usedLastMinute: 9,
        throttledAt: '2026-11-20T12:00:00Z',
        heldAfter: null,
      },
    },
    { gaps: { total: 3, byType: [] } },
    { setAside: 1 },
    { outage: { since: '2026-11-20T12:00:00Z', message: 'no answer came.' } },
  ]
  const words = [
    'No event has come',
    '2 tickets',
    '1 open ticket not',
    '0.3 of 5 per second',
    '3 events must',
    '1 message could',
    'no answer came.',
  ]
  let view = good
  for (const [index, step] of steps.entries()) {
    view = { ...view, ...step }
    expect(verdict(view).text).toContain(words[index])
    expect(verdict(view).tone).toBe(index < 5 ? 'warning' : 'bad')
  }
})

it('says that calls are held back', () => {
  const budget = { perSecond: 5, allowedPerSecond: 5, usedLastMinute: 9, throttledAt: null, heldAfter: 7 }
  const outage = { since: '2026-11-20T12:00:00Z', message: 'no answer came.' }
  expect(verdict({ ...good, budget, outage }).text).toContain('no answer came. After 7 calls without an answer')
})
