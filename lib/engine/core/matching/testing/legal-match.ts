/** Brute force: is there any legal match with a given ticket? For up to eight tickets, or twenty where matches are small. */
import type { FoundMatch, PoolTicket } from '#lib/engine/core/contract.ts'
import { type Question, violations } from './check-match.ts'

/** The first legal match found that contains `anchor`; null when there is none. */
export function legalMatchWith(anchor: PoolTicket, question: Question): FoundMatch['tickets'] | null {
  const others = question.pool.filter((ticket) => ticket !== anchor)
  const names = question.ruleSet.teams.map(({ name }) => name)
  const largest = question.ruleSet.teams.map((team, index) =>
    Math.max(
      team.maxPlayers,
      ...question.ruleSet.expansions.flatMap((one) =>
        one.kind === 'team' && one.property === 'maxPlayers' && one.teams.includes(index)
          ? one.steps.map(({ value }) => value)
          : [],
      ),
    ),
  )
  const sizes = names.map(() => 0)
  const chosen: FoundMatch['tickets'] = []

  const withTicket = (ticket: PoolTicket, next: () => FoundMatch['tickets'] | null) => {
    const placements = ticket.backfill
      ? [ticket.players.map(({ team }) => team ?? '')]
      : names.map((name) => ticket.players.map(() => name))
    for (const teams of placements) {
      for (const team of teams) add(team, 1)
      chosen.push({ ticketId: ticket.ticketId, teams })
      const found = sizes.every((size, index) => size <= (largest[index] ?? 0)) ? next() : null
      if (found) return found
      chosen.pop()
      for (const team of teams) add(team, -1)
    }
    return null
  }
  const add = (team: string, change: number) => {
    const index = names.indexOf(team)
    if (index >= 0) sizes[index] = (sizes[index] ?? 0) + change
  }
  const search = (position: number): FoundMatch['tickets'] | null => {
    const ticket = others[position]
    if (ticket === undefined) return violations({ tickets: chosen }, question).length === 0 ? [...chosen] : null
    return search(position + 1) ?? withTicket(ticket, () => search(position + 1))
  }
  return withTicket(anchor, () => search(0))
}
