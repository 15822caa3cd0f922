/** Holds a match that was announced against the rule set it was made under, as both are seen from outside. */
import type { Engine, PoolTicket } from '#lib/engine/core/contract.ts'
import { violations } from '#lib/engine/core/matching/testing/check-match.ts'
import type { MatchmakingDetail } from '#lib/flexmatch/events.ts'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'
import type { TicketView } from './ticket-views.ts'

const MEMBER = { string: 'S', number: 'N', string_list: 'SL', string_number_map: 'SDM' } as const
const parsed = new Map<string, RuleSet>()

/** Throws when the match is not legal. A ticket that has ended and is not kept cannot be asked about any more. */
export function checkFormed(
  engine: Engine,
  nowMs: number,
  match: MatchmakingDetail,
  views: ReadonlyMap<string, TicketView>,
  isNew: (ticketId: string) => boolean,
): void {
  const tickets = match.tickets.map(({ ticketId }) => views.get(ticketId))
  const [first] = tickets
  if (!first || tickets.includes(undefined)) return
  const { ruleSet, additionalPlayerCount } = conditions(engine, first.ConfigurationName)
  const pool = match.tickets.map(({ ticketId }, arrival) =>
    poolTicket(engine, views.get(ticketId)!, { backfill: !isNew(ticketId), arrival }, ruleSet),
  )
  const found = match.tickets.map(({ ticketId, players }) => ({
    ticketId,
    teams: players.map(({ team }) => team ?? ''),
  }))
  const wrong = violations({ tickets: found }, { pool, ruleSet, additionalPlayerCount, nowMs, options: engine.options })
  if (wrong.length > 0) throw new Error(`illegal match ${JSON.stringify(found)}: ${wrong.join('; ')}`)
}

function conditions(engine: Engine, name: string): { ruleSet: RuleSet; additionalPlayerCount: number } {
  const { Configurations } = engine.read('DescribeMatchmakingConfigurations', { Names: [name] }, 0) as {
    Configurations: { RuleSetName: string; AdditionalPlayerCount?: number }[]
  }
  const { RuleSetName = '', AdditionalPlayerCount = 0 } = Configurations[0] ?? {}
  const { RuleSets } = engine.read('DescribeMatchmakingRuleSets', { Names: [RuleSetName] }, 0) as {
    RuleSets: { RuleSetBody: string }[]
  }
  const body = RuleSets[0]?.RuleSetBody ?? ''
  const ruleSet = parsed.get(body) ?? parseRuleSet(body)
  parsed.set(body, ruleSet)
  return { ruleSet, additionalPlayerCount: AdditionalPlayerCount }
}

function poolTicket(
  engine: Engine,
  view: TicketView,
  { backfill, arrival }: { backfill: boolean; arrival: number },
  ruleSet: RuleSet,
): PoolTicket {
  const arn = backfill ? (view.GameSessionConnectionInfo?.GameSessionArn ?? null) : null
  return {
    ticketId: view.TicketId,
    backfill: backfill ? { automatic: false, region: arn && locationOf(engine, arn) } : null,
    startTimeMs: view.StartTime.getTime(),
    arrival,
    players: view.Players.map(({ PlayerId, Team, PlayerAttributes = {}, LatencyInMs }) => ({
      playerId: PlayerId,
      team: backfill ? (Team ?? null) : null,
      attributes: ofDeclaredType(PlayerAttributes, ruleSet),
      latencyMs: LatencyInMs ?? null,
    })),
  }
}

function locationOf(engine: Engine, arn: string): string | null {
  const { GameSessions } = engine.read('DescribeGameSessions', { GameSessionId: arn }, 0) as {
    GameSessions: { Location: string }[]
  }
  return GameSessions[0]?.Location ?? null
}

/** A value of another type is as good as none. */
function ofDeclaredType(attributes: Record<string, AttributeValue>, { playerAttributes }: RuleSet) {
  return Object.fromEntries(
    Object.entries(attributes).filter(([name, value]) => {
      const declared = playerAttributes.find((attribute) => attribute.name === name)
      return !declared || value[MEMBER[declared.type]] !== undefined
    }),
  )
}
