/**
 * Says what is illegal about a match, straight from the definitions of the rule language. Shares the parser's types with
 * the engine and none of its evaluation: values here are trees that are built anew for every question.
 */
import type { EngineOptions, FoundMatch, PoolTicket } from '#lib/engine/core/contract.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import { ageSeconds, type Present, presentAt } from './check-expansions.ts'
import { ruleVerdicts } from './check-rules.ts'

export interface Question {
  pool: readonly PoolTicket[]
  ruleSet: RuleSet
  additionalPlayerCount: number
  nowMs: number
  options: Pick<EngineOptions, 'latency' | 'partyValueWeight' | 'stringPartyAggregation'>
}
/** One player where the match puts them. */
export interface PlacedPlayer {
  ticket: PoolTicket
  index: number
  team: string
}

/** One sentence per violation; empty for a legal match. */
export function violations(match: Pick<FoundMatch, 'tickets'>, question: Question): string[] {
  const { ruleSet, pool } = question
  const wrong: string[] = []
  const tickets: PoolTicket[] = []
  const placed: PlacedPlayer[] = []
  for (const { ticketId, teams } of match.tickets) {
    const ticket = pool.find((one) => one.ticketId === ticketId)
    if (!ticket) return [`ticket ${ticketId} is not in the pool`]
    if (tickets.includes(ticket)) return [`ticket ${ticketId} is in the match twice`]
    tickets.push(ticket)
    if (teams.length !== ticket.players.length) return [`ticket ${ticketId} has a team too many or too few`]
    if (ticket.backfill === null && new Set(teams).size > 1) wrong.push(`the party ${ticketId} is split`)
    for (const [index, team] of teams.entries()) {
      if (!ruleSet.teams.some(({ name }) => name === team)) wrong.push(`there is no team ${team}`)
      if (ticket.backfill !== null && ticket.players[index]?.team !== team) wrong.push(`${ticketId} changed a team`)
      placed.push({ ticket, index, team })
    }
  }
  const present = presentAt(ruleSet, ageSeconds(ruleSet, tickets, question.nowMs))
  return [
    ...wrong,
    ...shapeViolations(tickets, placed, present, question),
    ...ruleViolations(tickets, placed, present, question),
  ]
}

function shapeViolations(
  tickets: readonly PoolTicket[],
  placed: readonly PlacedPlayer[],
  { teams }: Present,
  { additionalPlayerCount }: Question,
): string[] {
  const wrong: string[] = []
  if (tickets.length === 0) wrong.push('the match has no ticket')
  const backfills = tickets.filter(({ backfill }) => backfill !== null).length
  if (backfills > 1) wrong.push('two backfill tickets')
  if (backfills === 1 && tickets.length === 1) wrong.push('a backfill ticket alone')
  let room = -additionalPlayerCount
  for (const { name, minPlayers, maxPlayers } of teams) {
    const count = placed.filter(({ team }) => team === name).length
    if (count < minPlayers) wrong.push(`team ${name} has ${count} players, needs ${minPlayers}`)
    if (count > maxPlayers) wrong.push(`team ${name} has ${count} players, may have ${maxPlayers}`)
    room += maxPlayers
  }
  if (placed.length > room) wrong.push(`${placed.length} players, only ${room} may be matched`)
  return wrong
}

function ruleViolations(
  tickets: readonly PoolTicket[],
  placed: readonly PlacedPlayer[],
  present: Present,
  question: Question,
): string[] {
  const { playerAttributes } = question.ruleSet
  for (const { players } of tickets) {
    for (const { attributes, playerId } of players) {
      for (const { name, default: standIn } of playerAttributes) {
        if (attributes[name] === undefined && standIn === undefined) return [`${playerId} has no ${name}`]
      }
    }
  }
  return ruleVerdicts(tickets, placed, present.rules, question)
    .filter(({ enforced, holds }) => enforced && !holds)
    .map(({ name }) => `rule ${name} fails`)
}
