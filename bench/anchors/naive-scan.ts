/**
 * The engine one would write in an afternoon, and many have: for each ticket, from the oldest, the whole pool is walked,
 * and with each ticket that could join all rules are evaluated anew on the whole tentative match, by walking the syntax
 * tree of each property expression over objects. No index, no columns.
 */
import type { PoolPlayer, PoolTicket } from '#lib/engine/core/contract.ts'
import { cpuMs } from '../measure.ts'
import { type Shape, TEAMS } from '../workload/rule-set-bodies.ts'

type Expression = { call: 'avg' | 'flatten'; of: Expression } | { attribute: string }
type Value = number | string | string[] | Value[]
interface Team {
  tickets: PoolTicket[]
  players: PoolPlayer[]
}
type Check = (teams: readonly Team[], complete: boolean) => boolean

/** Matches as lists of tickets; the first half of a list is the first team. Goes no further after `budgetMs` of CPU time. */
export function drainByScan(
  tickets: readonly PoolTicket[],
  shape: Shape,
  budgetMs: number,
): { matches: PoolTicket[][]; cut: boolean } {
  const checks = checksOf(shape)
  const matches: PoolTicket[][] = []
  const taken = new Set<PoolTicket>()
  const endMs = cpuMs() + budgetMs
  for (const [place, anchor] of tickets.entries()) {
    if (taken.has(anchor)) continue
    if (cpuMs() > endMs) return { matches, cut: true }
    const teams: Team[] = TEAMS.map(() => ({ tickets: [], players: [] }))
    let missing = 2 * shape.teamSize
    // Older ones are taken, or could not be matched as anchors.
    for (let at = place; at < tickets.length && missing > 0; at++) {
      const candidate = tickets[at]!
      if (taken.has(candidate)) continue
      const team = teams.reduce((a, b) => (b.tickets.length < a.tickets.length ? b : a))
      team.tickets.push(candidate)
      team.players.push(candidate.players[0]!)
      if (checks.every((holds) => holds(teams, missing === 1))) {
        missing--
      } else {
        team.tickets.pop()
        team.players.pop()
      }
    }
    if (missing > 0) continue
    const match = teams.flatMap((team) => team.tickets)
    matches.push(match)
    for (const ticket of match) taken.add(ticket)
  }
  return { matches, cut: false }
}

function checksOf({ maxSpread, maxLatencyMs, maxImbalance, sameModeAndMap }: Shape): Check[] {
  const all = (attribute: string): Expression => ({ call: 'flatten', of: { attribute } })
  const checks: Check[] = [
    (teams) => {
      const skills = evaluated(all('skill'), teams) as number[]
      return Math.max(...skills) - Math.min(...skills) <= maxSpread
    },
    (teams) => hasRegion(teams, maxLatencyMs),
    (teams, complete) => {
      if (!complete) return true
      const reference = evaluated({ call: 'avg', of: all('skill') }, teams) as number
      const averages = evaluated({ call: 'avg', of: { attribute: 'skill' } }, teams) as number[]
      return averages.every((average) => Math.abs(average - reference) <= maxImbalance)
    },
  ]
  if (!sameModeAndMap) return checks
  checks.push(
    (teams) => new Set(evaluated(all('mode'), teams) as string[]).size === 1,
    (teams) => {
      const lists = evaluated(all('maps'), teams) as string[][]
      return lists.reduce((common, own) => common.filter((map) => own.includes(map))).length > 0
    },
  )
  return checks
}

function evaluated(expression: Expression, teams: readonly Team[]): Value {
  if ('attribute' in expression) {
    return teams.map(({ players }) => players.map((player) => attributeOf(player, expression.attribute)))
  }
  const value = evaluated(expression.of, teams) as Value[]
  if (expression.call === 'flatten') return value.flat(1) as Value[]
  const average = (numbers: number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length
  return Array.isArray(value[0]) ? value.map((part) => average(part as number[])) : average(value as number[])
}

function attributeOf({ attributes }: PoolPlayer, name: string): Value {
  const value = attributes[name] ?? {}
  return value.N ?? value.S ?? value.SL ?? 0
}

function hasRegion(teams: readonly Team[], maxLatencyMs: number): boolean {
  const near = new Map<string, number>()
  let count = 0
  for (const { players } of teams) {
    for (const { latencyMs } of players) {
      count++
      for (const [region, ms] of Object.entries(latencyMs ?? {})) {
        if (ms <= maxLatencyMs) near.set(region, (near.get(region) ?? 0) + 1)
      }
    }
  }
  return [...near.values()].includes(count)
}
