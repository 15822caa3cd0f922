/** What GameLift sends while pairs of tickets search, are proposed, accept and are placed. */
import { seededRandom } from '../workload/columns.ts'

/** An EventBridge envelope, as a parser leaves it. */
export interface Sent {
  /** Epoch ms. */
  timeMs: number
  envelope: Record<string, unknown>
}

/** Of one pair: two searches, a proposal, two answers, the acceptance, the success. */
export const EVENTS_PER_MATCH = 7
/** SEARCHING, REQUIRES_ACCEPTANCE, PLACING, COMPLETED. */
export const STATUSES_PER_TICKET = 4
const CONFIGURATIONS = 5
const ACCOUNT = 'eu-central-1:111122223333'
const SEED = 20_260_815

/** Ids are of the length that UUIDs have. */
const idOf = (kind: string, index: number) => `${kind}-7938b002-7150-464a-ae49-${String(index).padStart(12, '0')}`
export const benchTicketId = (index: number) => idOf('t', index)

/**
 * As a busy game sends them: `perSecond` events by their own clock, every ticket waiting for as long as it happens to, so
 * that the steps of one are far apart among those of all others. In the order of their times.
 */
export function flow(matches: number, perSecond: number, startMs: number): Sent[] {
  const random = seededRandom(SEED)
  const sent: Sent[] = []
  for (let match = 0; match < matches; match++) {
    const firstMs = startMs + Math.floor((match * EVENTS_PER_MATCH * 1000) / perSecond)
    const secondMs = firstMs + Math.floor(random() * 4_000)
    const proposedMs = secondMs + 200 + Math.floor(random() * 4_000)
    const answersMs = [1, 2].map(() => proposedMs + 300 + Math.floor(random() * 4_000))
    const acceptedMs = Math.max(...answersMs) + 5
    const placedMs = acceptedMs + 200 + Math.floor(random() * 2_000)
    const life = lifeOf(match, [firstMs, secondMs])
    sent.push(life.searching(0, firstMs), life.searching(1, secondMs), life.proposed(proposedMs))
    sent.push(...answersMs.map((ms, index) => life.answered(index, ms)))
    sent.push(life.accepted(acceptedMs), life.succeeded(placedMs))
  }
  return sent.sort((a, b) => a.timeMs - b.timeMs)
}

/** All tickets of so many matches take each step together: one list per status. */
export function inStep(firstMatch: number, matches: number, startMs: number): Sent[][] {
  const steps: Sent[][] = [[], [], [], []]
  for (let match = firstMatch; match < firstMatch + matches; match++) {
    const life = lifeOf(match, [startMs, startMs + 1])
    steps[0]!.push(life.searching(0, startMs), life.searching(1, startMs + 1))
    steps[1]!.push(life.proposed(startMs + 1_000))
    steps[2]!.push(life.answered(0, startMs + 2_000), life.answered(1, startMs + 2_001), life.accepted(startMs + 2_005))
    steps[3]!.push(life.succeeded(startMs + 3_000))
  }
  return steps
}

interface Detail {
  tickets: { players: object[] }[]
  gameSessionInfo?: object
  [member: string]: unknown
}

function lifeOf(match: number, startsMs: readonly number[]) {
  const matchId = idOf('m', match)
  const configuration = `arena-ranked-${match % CONFIGURATIONS}`
  const resources = [`arn:aws:gamelift:${ACCOUNT}:matchmakingconfiguration/${configuration}`]
  const ticket = (index: number, player: object = {}) => ({
    ticketId: benchTicketId(2 * match + index),
    startTime: new Date(startsMs[index]!).toISOString(),
    players: [{ playerId: idOf('p', 2 * match + index), ...player }],
  })
  const teams = ['north', 'south']
  const seated = (player: (index: number) => object = () => ({})) =>
    teams.map((team, index) => ticket(index, { team, ...player(index) }))
  let made = 0
  const sent = (timeMs: number, detail: Detail): Sent => ({
    timeMs,
    envelope: {
      ...{ version: '0', id: idOf(`e${made++}`, match), 'detail-type': 'GameLift Matchmaking Event' },
      ...{ source: 'aws.gamelift', account: '111122223333', time: new Date(timeMs).toISOString() },
      ...{ region: 'eu-central-1', resources },
      detail: {
        ...detail,
        gameSessionInfo: { ...detail.gameSessionInfo, players: detail.tickets.flatMap(({ players }) => players) },
      },
    },
  })
  return {
    searching: (index: number, ms: number) =>
      sent(ms, { type: 'MatchmakingSearching', estimatedWaitMillis: 12, tickets: [ticket(index)] }),
    proposed: (ms: number) =>
      sent(ms, {
        ...{ type: 'PotentialMatchCreated', acceptanceRequired: true, acceptanceTimeout: 30, matchId },
        ruleEvaluationMetrics: [{ ruleName: 'TeamAveragesClose', passedCount: 2, failedCount: 1 }],
        tickets: seated(),
      }),
    answered: (answering: number, ms: number) =>
      sent(ms, {
        ...{ type: 'AcceptMatch', matchId },
        tickets: seated((index) => (index === answering ? { accepted: true } : {})),
      }),
    accepted: (ms: number) =>
      sent(ms, { ...{ type: 'AcceptMatchCompleted', acceptance: 'Accepted', matchId }, tickets: seated() }),
    succeeded: (ms: number) =>
      sent(ms, {
        ...{ type: 'MatchmakingSucceeded', matchId },
        tickets: seated((index) => ({ playerSessionId: idOf('psess', 2 * match + index) })),
        gameSessionInfo: {
          gameSessionArn: `arn:aws:gamelift:eu-central-1::gamesession/fleet-41093f47/${idOf('s', match)}`,
          ...{ ipAddress: '203.0.113.24', port: 4192, playerGatewayStatus: 'DISABLED' },
          dnsName: 'ec2-203-0-113-24.eu-central-1.compute.amazonaws.com',
        },
      }),
  }
}
