import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import { type FormedMatch, verifyMatches } from '../verify.ts'
import {
  poolTicket,
  ruleSetBodyOf,
  ticketIdOf,
  ticketIndexOf,
  WORKLOADS,
  type WorkloadName,
} from '../workload/workloads.ts'
import type { Server } from './servers.ts'

/** Asks for the first `count` tickets and checks the matches they are in. How many are matched. */
export async function verified(
  server: Server,
  workload: WorkloadName,
  tickets: number,
  count: number,
): Promise<number> {
  interface Described {
    TicketId: string
    Status: string
    Players: { Team?: string }[]
    GameSessionConnectionInfo?: { GameSessionArn: string }
  }
  const matches = new Map<string, FormedMatch>()
  for (let first = 0; first < count; first += 10) {
    const TicketIds = Array.from({ length: Math.min(10, count - first) }, (_, index) => ticketIdOf(first + index))
    const { TicketList } = await server.call<{ TicketList: Described[] }>('DescribeMatchmaking', { TicketIds })
    for (const { TicketId, Status, Players, GameSessionConnectionInfo } of TicketList) {
      if (Status !== 'COMPLETED' || !GameSessionConnectionInfo) continue
      const { GameSessionArn } = GameSessionConnectionInfo
      const match = matches.get(GameSessionArn) ?? { tickets: [], atMs: 0 }
      match.tickets.push({ ticketId: TicketId, teams: Players.map(({ Team }) => Team ?? '') })
      matches.set(GameSessionArn, match)
    }
  }
  const columns = WORKLOADS[workload].columns(tickets)
  const ticketOf = (id: string) => poolTicket(WORKLOADS[workload], columns, ticketIndexOf(id), 0)
  return verifyMatches(matches.values(), ticketOf, parseRuleSet(ruleSetBodyOf(workload))).matched
}
