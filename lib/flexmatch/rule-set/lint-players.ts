/** Warnings about how many players a match can have. */
import { type TeamStage, teamSizesEver, teamStages } from './lint-stages.ts'
import type { Warning } from './lint-warning.ts'
import type { RuleSet } from './rule-set.ts'

export function largeParty(ruleSet: RuleSet, largestParty: number): Warning[] {
  const room = teamSizesEver(ruleSet).reduce((most, { high }) => Math.max(most, high), 0)
  if (largestParty <= room) return []
  return [
    {
      path: 'teams',
      code: 'party-too-large',
      message: `The largest party has ${largestParty} players, but no team ever takes more than ${room}: a party is never split, so its ticket is never matched. Raise maxPlayers of a team, or keep parties at ${room} players.`,
    },
  ]
}

/** Follows the team sizes as a match grows older; each kind of warning is given once, where it first becomes true. */
export function lintTeamSizes(ruleSet: RuleSet): Warning[] {
  const warnings: Warning[] = []
  let alone = false
  let impossible = false
  for (const stage of teamStages(ruleSet)) {
    if (!alone && canBeAlone(stage)) {
      alone = true
      warnings.push(matchOfOne(stage))
    }
    const broken = impossible ? undefined : stage.changed.find(({ team }) => isContradictory(stage, team))
    if (broken) {
      impossible = true
      const { low, high } = stage.sizes[broken.team] ?? { low: 0, high: 0 }
      const name = JSON.stringify(ruleSet.teams[broken.team]?.name ?? '')
      warnings.push({
        path: broken.path,
        code: 'expansion-never-passes',
        message: `From ${stage.atSeconds} s on team ${name} needs at least ${low} players but takes at most ${high}. A match that is this old is never made. Correct the value of this step, or expand the other size too.`,
      })
    }
  }
  return warnings
}

/** Players are enough for one lone ticket, though there is room for more. */
function canBeAlone({ sizes }: TeamStage): boolean {
  const least = sizes.reduce((sum, { low }) => sum + low, 0)
  return least <= 1 && sizes.reduce((sum, { high }) => sum + high, 0) > 1
}

function matchOfOne({ atSeconds, changed }: TeamStage): Warning {
  const when = atSeconds === 0 ? 'Teams need' : `From ${atSeconds} s on teams need`
  return {
    path: changed[0]?.path ?? 'teams',
    code: 'match-of-one',
    message: `${when} no more than one player together: a ticket that finds nobody is matched alone, at once and without waiting for others. If nobody should play alone, keep the sum of minPlayers at 2 or more.`,
  }
}

function isContradictory({ sizes }: TeamStage, team: number): boolean {
  const size = sizes[team]
  return size !== undefined && size.low > size.high
}
