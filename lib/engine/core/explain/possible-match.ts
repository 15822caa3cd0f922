import { CandidateSet } from '#lib/engine/core/matching/candidate-set.ts'
import type { Plan } from '#lib/engine/core/matching/plan.ts'
import { RuleCounts } from '#lib/engine/core/matching/rule-counts.ts'
import type { PossibleMatch } from './explanation.ts'
import type { PlacedSet } from './stage-search.ts'

/** The set as rules read it. */
export function placed({ members, teams }: PlacedSet, plan: Plan): CandidateSet {
  const set = new CandidateSet(plan.teamCount, new RuleCounts(plan.ruleSet.rules.length))
  members.forEach(({ facts }, index) => {
    set.add(facts, teams[index] ?? 0)
  })
  return set
}

/** The set as people read it. */
export function possibleMatch(found: PlacedSet, plan: Plan): PossibleMatch {
  const { teams } = plan.ruleSet
  const { sizes, total } = placed(found, plan)
  return {
    tickets: found.members.map(({ ticket }, index) => {
      const team = teams[found.teams[index] ?? 0]?.name ?? ''
      return {
        ticketId: ticket.ticketId,
        teams: ticket.players.map((player) => (ticket.backfill === null ? team : (player.team ?? team))),
      }
    }),
    teams: teams.map(({ name }, team) => ({
      name,
      playerCount: sizes[team] ?? 0,
      minPlayers: found.stage.teams[team]?.min ?? 0,
      maxPlayers: found.stage.teams[team]?.max ?? 0,
    })),
    playerCount: total,
  }
}
