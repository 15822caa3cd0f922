import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import type { PoolTicket } from '#lib/engine/core/contract.ts'
import { judgeMatch } from '#lib/engine/core/matching/judge-match.ts'
import { planFor } from '#lib/engine/core/matching/plan.ts'
import { arbitraryPass } from '#lib/engine/core/matching/testing/arbitrary-matching.ts'
import { violations } from '#lib/engine/core/matching/testing/check-match.ts'
import { legalMatchWith } from '#lib/engine/core/matching/testing/legal-match.ts'
import { T0 } from '#lib/engine/core/matching/testing/pool-builders.ts'
import { type PassSpec, questionOf, runPass } from '#lib/engine/core/matching/testing/run-pass.ts'
import { explain } from './explain.ts'

// Three seconds on an idle machine; the time a shared one takes says nothing about the code.
vi.setConfig({ testTimeout: 120_000 })

const ENDLESS = { work: 5_000_000 }

function explained(spec: PassSpec, ticket: PoolTicket, requestTimeoutSeconds: number) {
  const others = spec.pool.filter((one) => one !== ticket)
  const { ruleSet, additionalPlayerCount, options, nowMs } = questionOf(spec)
  const asked = { ruleSet, additionalPlayerCount, options, nowMs, requestTimeoutSeconds, budget: ENDLESS }
  return explain({ ...asked, ticket, others, waitingTickets: others.length })
}

class Rounding extends Error {}

/**
 * Whether any legal match has the ticket at that time, among the tickets whose requests still run. Throws Rounding where
 * the checker, which allows for rounding, finds a match that the rules as compiled miss by the last digit.
 */
function isPossibleAt(atMs: number, spec: PassSpec, ticket: PoolTicket, timeoutSeconds: number): boolean {
  const pool = spec.pool.filter(({ startTimeMs }) => startTimeMs + timeoutSeconds * 1000 > atMs)
  const question = { ...questionOf({ ...spec, pool }), nowMs: atMs }
  const legal = pool.includes(ticket) ? legalMatchWith(ticket, question) : null
  if (legal === null) return false
  const tickets = legal.map(({ ticketId }) => pool.find((one) => one.ticketId === ticketId)!)
  const teams = legal.map((one) => spec.ruleSet.teams.findIndex(({ name }) => name === one.teams[0]))
  const { brokenRules } = judgeMatch(planFor(spec.ruleSet, question.options), tickets, teams, atMs)
  if (brokenRules.length > 0) throw new Rounding()
  return true
}

/** Every instant from now to the time-out at which any ticket reaches an age at which a step falls due. */
function instants({ pool, ruleSet, at = 0 }: PassSpec, ticket: PoolTicket, timeoutSeconds: number): number[] {
  const nowMs = T0 + at * 1000
  const ages = ruleSet.expansions.flatMap(({ steps }) => steps.map(({ waitTimeSeconds }) => waitTimeSeconds * 1000))
  const times = pool.flatMap(({ startTimeMs }) => ages.map((age) => startTimeMs + age))
  const deadlineMs = ticket.startTimeMs + timeoutSeconds * 1000
  return [...new Set([nowMs, ...times])].filter((time) => time >= nowMs && time < deadlineMs).sort((a, b) => a - b)
}

it('says of every ticket of a small pool what the independent checker finds, now and at every later age', () => {
  const seen: Record<string, number> = {}
  let rounded = 0
  fc.assert(
    fc.property(arbitraryPass(6), fc.nat(), fc.constantFrom(25, 40, 300), (generated, which, timeoutSeconds) => {
      // Early enough for steps to lie ahead.
      const spec = { ...generated, at: Math.max(...generated.pool.map((one) => (one.startTimeMs - T0) / 1000)) }
      const ticket = spec.pool[which % spec.pool.length]
      if (ticket === undefined) return
      const { verdict } = explained(spec, ticket, timeoutSeconds)
      seen[verdict.kind] = (seen[verdict.kind] ?? 0) + 1
      const possible = (atMs: number) => isPossibleAt(atMs, spec, ticket, timeoutSeconds)
      let first: number | undefined
      try {
        first = instants(spec, ticket, timeoutSeconds).find(possible)
      } catch (error) {
        if (!(error instanceof Rounding)) throw error
        rounded++
        return
      }
      const nowMs = T0 + spec.at * 1000
      switch (verdict.kind) {
        case 'soon':
          expect(first).toBe(nowMs)
          expect(violations(verdict.match, questionOf(spec))).toEqual([])
          break
        case 'later':
          expect(verdict.certain).toBe(true)
          expect(verdict.atMs).toBe(first)
          expect(possible(verdict.atMs - 1)).toBe(false)
          expect(violations(verdict.match, { ...questionOf(spec), nowMs: verdict.atMs })).toEqual([])
          expect(verdict.steps.length).toBeGreaterThan(0)
          break
        case 'waiting':
          expect(verdict.certain).toBe(true)
          expect(first).toBeUndefined()
          break
        case 'never':
          expect(first).toBeUndefined()
          expect(verdict.reasons.length).toBeGreaterThan(0)
          break
        default:
          expect.unreachable()
      }
    }),
    { numRuns: 1000 },
  )
  expect(rounded).toBeLessThan(10)
  // The generator must keep making every kind, or this test proves nothing.
  for (const kind of ['soon', 'later', 'waiting', 'never']) expect(seen[kind]).toBeGreaterThan(10)
})

/** Every `sentence` in it, however deep. */
function sentencesIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  const own = 'sentence' in part ? [String(part.sentence)] : []
  return [...own, ...Object.values(part).flatMap(sentencesIn)]
}

it('adds up, and has whole sentences', () => {
  fc.assert(
    fc.property(arbitraryPass(12), (spec) => {
      const [ticket] = spec.pool
      if (ticket === undefined) return
      const explanation = explained(spec, ticket, 300)
      for (const sentence of sentencesIn(explanation)) {
        expect(sentence).toMatch(/^[A-Z0-9].*\.$/)
        expect(sentence).not.toMatch(/undefined|NaN|Infinity|\.\./)
      }
      const { weighed, nearestMiss } = explanation
      expect(weighed.fittingTickets + weighed.refusedTickets).toBe(weighed.consideredTickets)
      expect(weighed.tickets.filter(({ fits }) => fits)).toHaveLength(weighed.fittingTickets)
      for (const { ruleName, refusedCount } of weighed.reasons.filter(({ reason }) => reason === 'rule')) {
        const refusing = weighed.tickets.filter(({ refusals }) => refusals.some((one) => one.ruleName === ruleName))
        expect(refusing).toHaveLength(refusedCount)
      }
      const refusals = [...weighed.tickets.flatMap((one) => one.refusals), ...(nearestMiss?.refusals ?? [])]
      for (const { measured } of refusals) {
        if (measured !== null && measured.missBy !== null) expect(measured.missBy).toBeGreaterThanOrEqual(0)
      }
      // What is shown survives the wire as it is.
      expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation)
    }),
    { numRuns: 500 },
  )
})

it('says "soon" of every ticket for which the matcher finds a match', () => {
  fc.assert(
    fc.property(arbitraryPass(12), (spec) => {
      const { matches } = runPass(spec)
      for (const { ticketId } of matches.flatMap(({ tickets }) => tickets)) {
        const ticket = spec.pool.find((one) => one.ticketId === ticketId)
        if (ticket) expect(explained(spec, ticket, 3600).verdict.kind).toBe('soon')
      }
    }),
    { numRuns: 300 },
  )
})
