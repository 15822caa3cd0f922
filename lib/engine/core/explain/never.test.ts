import { describe, expect, it } from 'vitest'
import { aTicket, solos } from '#lib/engine/core/matching/testing/pool-builders.ts'
import { aRuleSet, ask, verdictOf } from './testing/ask.ts'

const SKILLS = 'flatten(teams[*].players.attributes[skill])'

describe('a ticket that never matches', () => {
  const reasons = (...asked: Parameters<typeof ask>) => verdictOf(ask(...asked), 'never').reasons

  it('lacks an attribute', () => {
    const ruleSet = aRuleSet(1, { playerAttributes: [{ name: 'rank', type: 'number' }] })
    const explained = ask(ruleSet, solos([{}, { rank: 1 }]))
    expect(verdictOf(explained, 'never').reasons).toEqual([
      {
        reason: 'missing-attribute',
        ruleName: null,
        measured: null,
        sentence: 't1-p1 sent no number value for attribute "rank", which the rule set declares without a default.',
      },
    ])
    expect(explained.weighed).toMatchObject({ waitingTickets: 1, consideredTickets: 0, cut: false })
  })

  it('sent another type than the rule set declares now', () => {
    const ruleSet = aRuleSet(1, { playerAttributes: [{ name: 'rank', type: 'number' }] })
    expect(reasons(ruleSet, solos([{ rank: 'gold' }]))).toMatchObject([{ reason: 'missing-attribute' }])
  })

  it('has no region that all its players reported', () => {
    const ruleSet = aRuleSet(2, { rules: [{ name: 'Ping', type: 'latency', maxLatency: 50 }] })
    const party = aTicket('t1', [{ latencyMs: { east: 10 } }, { latencyMs: { west: 10 } }])
    expect(reasons(ruleSet, [party])).toMatchObject([{ reason: 'no-latency', ruleName: 'Ping' }])
  })

  it('has latency that no step will ever allow', () => {
    const rules = [{ name: 'Ping', type: 'latency', maxLatency: 50 }]
    const expansions = [{ target: 'rules[Ping].maxLatency', steps: [{ waitTimeSeconds: 10, value: 80 }] }]
    const ticket = aTicket('t1', [{ latencyMs: { east: 130, west: 95 } }])
    expect(reasons(aRuleSet(1, { rules }), [ticket])).toMatchObject([
      { reason: 'rule', ruleName: 'Ping', measured: { what: 'latency in west', value: 95, limit: 50, missBy: 45 } },
    ])
    expect(reasons(aRuleSet(1, { rules, expansions }), [ticket])).toMatchObject([{ reason: 'rule' }])
  })

  it('is a party larger than every team', () => {
    expect(reasons(aRuleSet(2), [aTicket('t1', [{}, {}, {}])])).toMatchObject([
      { reason: 'too-large', measured: { value: 3, bound: 'at most', limit: 2, missBy: 1 } },
    ])
  })

  it('is a party whose value no rule lets pass, though its players differ without harm', () => {
    const near = { name: 'Near', type: 'batchDistance', batchAttribute: 'skill', maxDistance: 10 }
    const own = { name: 'Own', type: 'comparison', measurements: [SKILLS], operation: '<=', referenceValue: 40 }
    const party = aTicket('t1', [{ attributes: { skill: 10 } }, { attributes: { skill: 90 } }])
    // Averaged, the party is one value for a distance, and that value is above 40.
    expect(reasons(aRuleSet(2, { rules: [near, own] }), [party])).toMatchObject([
      { reason: 'rule', ruleName: 'Own', measured: { value: 50, bound: 'at most', limit: 40, missBy: 10 } },
    ])
  })

  it('times out before the step that would help', () => {
    const expansions = [{ target: 'teams[red,blue].maxPlayers', steps: [{ waitTimeSeconds: 60, value: 4 }] }]
    const party = aTicket('t1', [{}, {}, {}])
    expect(ask(aRuleSet(2, { expansions }), [party], { requestTimeoutSeconds: 61 }).verdict.kind).toBe('waiting')
    expect(reasons(aRuleSet(2, { expansions }), [party], { requestTimeoutSeconds: 60 })).toMatchObject([
      { reason: 'too-large' },
      {
        reason: 'times-out-first',
        sentence: 'An expansion step at 60 s would help, but the request times out at 60 s.',
      },
    ])
  })

  it('is under a rule set that matches nobody', () => {
    const rule = {
      name: 'No',
      type: 'comparison',
      measurements: ['count(teams[red].players)'],
      operation: '>',
      referenceValue: 9,
    }
    expect(reasons(aRuleSet(2, { rules: [rule] }), solos([{}]))).toMatchObject([{ reason: 'rule-set', ruleName: 'No' }])
  })

  it('has no time left', () => {
    expect(reasons(aRuleSet(1), solos([{}]), { at: 120 })).toMatchObject([{ reason: 'timed-out' }])
  })
})
