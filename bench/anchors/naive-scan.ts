/**
 * The engine one would write in an afternoon, and many have: for each ticket the whole pool is walked from the oldest, and
 * with each ticket that could join, all rules are evaluated anew over objects. No index, no columns, no language.
 */
import type { PoolTicket } from '#lib/engine/core/contract.ts'
import { cpuMs } from '../measure.ts'
import type { Shape } from '../workload.ts'

/** Matches as lists of tickets; the first half of a list is the first team. Goes no further after `budgetMs` of CPU time. */
export function drainByScan(
  tickets: readonly PoolTicket[],
  shape: Shape,
  budgetMs: number,
): { matches: PoolTicket[][]; cut: boolean } {
  const matches: PoolTicket[][] = []
  const endMs = cpuMs() + budgetMs
  let pool = [...tickets]
  for (const anchor of tickets) {
    if (!pool.includes(anchor)) continue
    if (cpuMs() > endMs) return { matches, cut: true }
    let members = [anchor]
    for (const candidate of pool) {
      if (members.includes(candidate)) continue
      const tentative = [...members, candidate]
      if (fits(tentative, shape)) members = tentative
      if (members.length === 2 * shape.teamSize) break
    }
    if (members.length < 2 * shape.teamSize) continue
    const dealt = deal(members)
    if (!balanced(dealt, shape)) continue
    matches.push(dealt)
    pool = pool.filter((ticket) => !dealt.includes(ticket))
  }
  return { matches, cut: false }
}

function fits(members: readonly PoolTicket[], { maxSpread, maxLatencyMs, sameModeAndMap }: Shape): boolean {
  const players = members.flatMap((ticket) => ticket.players)
  const skills = players.map(skillOf)
  if (Math.max(...skills) - Math.min(...skills) > maxSpread) return false
  const regions = Object.keys(players[0]?.latencyMs ?? {})
  if (!regions.some((region) => players.every(({ latencyMs }) => (latencyMs?.[region] ?? Infinity) <= maxLatencyMs))) {
    return false
  }
  if (!sameModeAndMap) return true
  if (new Set(players.map(({ attributes }) => attributes.mode?.S)).size > 1) return false
  const maps = players.map(({ attributes }) => attributes.maps?.SL ?? [])
  return maps.reduce((common, own) => common.filter((map) => own.includes(map))).length > 0
}

function deal(members: readonly PoolTicket[]): PoolTicket[] {
  const sorted = members.toSorted((a, b) => skillOf(a.players[0]!) - skillOf(b.players[0]!))
  const inFirst = (place: number) =>
    sorted.length % 4 === 2 && place >= sorted.length - 2 ? place % 2 === 0 : [0, 3].includes(place % 4)
  return [...sorted.filter((_, place) => inFirst(place)), ...sorted.filter((_, place) => !inFirst(place))]
}

function balanced(dealt: readonly PoolTicket[], { teamSize, maxImbalance }: Shape): boolean {
  const average = (part: readonly PoolTicket[]) =>
    part.reduce((sum, ticket) => sum + skillOf(ticket.players[0]!), 0) / part.length
  const all = average(dealt)
  return [dealt.slice(0, teamSize), dealt.slice(teamSize)].every(
    (team) => Math.abs(average(team) - all) <= maxImbalance,
  )
}

function skillOf({ attributes }: PoolTicket['players'][number]): number {
  return attributes.skill?.N ?? 0
}
