/** Duels on an engine, and whether the index says of them what the engine says. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CreateMatchmakingConfigurationCommand,
  CreateMatchmakingRuleSetCommand,
  DescribeMatchmakingCommand,
  type GameLiftClient,
  StartMatchmakingCommand,
} from '@aws-sdk/client-gamelift'
import type { Db } from '#lib/db/pool.ts'

export async function createDuel(client: GameLiftClient): Promise<void> {
  const team = (name: string) => ({ name, minPlayers: 1, maxPlayers: 1 })
  const RuleSetBody = JSON.stringify({ ruleLanguageVersion: '1.0', teams: [team('red'), team('blue')] })
  await client.send(new CreateMatchmakingRuleSetCommand({ Name: 'duel', RuleSetBody }))
  await client.send(
    new CreateMatchmakingConfigurationCommand({
      Name: 'duel',
      RuleSetName: 'duel',
      RequestTimeoutSeconds: 600,
      AcceptanceRequired: false,
      FlexMatchMode: 'STANDALONE',
    }),
  )
}

export async function play(client: GameLiftClient): Promise<string> {
  const TicketId = `played-${randomUUID()}`
  const Players = [{ PlayerId: TicketId }]
  await client.send(new StartMatchmakingCommand({ TicketId, ConfigurationName: 'duel', Players }))
  await sleep(40)
  return TicketId
}

/** More than the engine takes to look for a match. */
const LOOKED_MS = 2_500

/** A ticket that goes on waiting: whoever waited before it has been matched. */
export async function waitAlone(client: GameLiftClient): Promise<string> {
  for (;;) {
    const ticketId = await play(client)
    await sleep(LOOKED_MS)
    const { TicketList = [] } = await client.send(new DescribeMatchmakingCommand({ TicketIds: [ticketId] }))
    if (TicketList[0]?.Status === 'SEARCHING') return ticketId
  }
}

/** Tickets whose status in the index is not the engine's. */
export async function differing(db: Db, client: GameLiftClient, ticketIds: string[]): Promise<string[]> {
  const { rows } = await db.query<{ ticket_id: string; status: string }>(
    `select ticket_id, status from tickets where environment = 'local' and ticket_id = any($1)`,
    [ticketIds],
  )
  const indexed = new Map(rows.map((row) => [row.ticket_id, row.status]))
  const different: string[] = []
  for (let from = 0; from < ticketIds.length; from += 10) {
    const { TicketList = [] } = await client.send(
      new DescribeMatchmakingCommand({ TicketIds: ticketIds.slice(from, from + 10) }),
    )
    for (const { TicketId = '', Status } of TicketList) {
      if (indexed.get(TicketId) !== Status) different.push(`${TicketId}: ${indexed.get(TicketId)}, not ${Status}`)
    }
  }
  return different
}
