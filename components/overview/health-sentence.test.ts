import { expect, it } from 'vitest'
import { INDEXED_STATUSES } from '#lib/flexmatch/status.ts'
import type { OverviewView, TicketCounts } from '#lib/tickets/views.ts'
import { healthSentence } from './health-sentence.ts'

const none = Object.fromEntries([...INDEXED_STATUSES, 'open', 'all'].map((tab) => [tab, 0])) as TicketCounts
const row = (configuration: string) => ({
  configuration,
  open: 1,
  byStatus: {},
  oldestStartedAt: null,
  oldestTicketId: null,
})
const anOverview = (given: Partial<OverviewView>): OverviewView => ({
  counts: { ...none, open: 1204, all: 2000 },
  configurations: [row('a'), row('b')],
  attention: [],
  lastEventAt: null,
  ...given,
})

it('says that all is well, and how much is going on', () => {
  expect(healthSentence(anOverview({}), null)).toBe('All 2 configurations are matching normally; 1,204 open tickets.')
  expect(healthSentence(anOverview({ configurations: [row('a')], counts: { ...none, open: 1, all: 1 } }), null)).toBe(
    'a is matching normally; 1 open ticket.',
  )
})

it('counts what needs attention first', () => {
  const warning = { text: 'x', href: '/', severity: 'warning' as const }
  expect(healthSentence(anOverview({ attention: [warning] }), null)).toMatch(/^One thing needs attention;/)
  expect(healthSentence(anOverview({ attention: [warning, warning] }), null)).toMatch(/^2 things need attention;/)
})

it('does not call an empty desk healthy', () => {
  expect(healthSentence(anOverview({ counts: none, configurations: [] }), null)).toBe(
    'No ticket has been heard of yet.',
  )
})

it('says so when nothing is open', () => {
  expect(healthSentence(anOverview({ counts: { ...none, all: 5 }, configurations: [] }), null)).toBe(
    'Nothing needs attention; no ticket is open.',
  )
})

it('claims nothing of the present when what is known is old', () => {
  const warning = { text: 'x', href: '/', severity: 'warning' as const }
  const said = (given: Partial<OverviewView>) => healthSentence(anOverview(given), '13:02:11')
  expect(said({})).toBe('As of 13:02:11: all 2 configurations were matching normally; 1,204 open tickets.')
  expect(said({ configurations: [row('a')] })).toBe('As of 13:02:11: a was matching normally; 1,204 open tickets.')
  expect(said({ attention: [warning] })).toBe('As of 13:02:11: one thing needed attention; 1,204 open tickets.')
  expect(said({ counts: { ...none, all: 5 }, configurations: [] })).toBe(
    'As of 13:02:11: nothing needed attention; no ticket was open.',
  )
  expect(said({ counts: none })).toBe('As of 13:02:11: no ticket had been heard of.')
})
