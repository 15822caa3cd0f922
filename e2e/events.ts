/** FlexMatch events that did not come from the local engine: tickets it has never heard of, or has forgotten. */
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { expect } from '@playwright/test'

export interface SearchingTicket {
  ticketId: string
  configuration: string
  startedAt: Date
  playerIds: string[]
}

/** The event of a ticket that searches, delivered as EventBridge would: to the Matchdesk of all specs unless told otherwise. */
export async function deliverSearching(
  { ticketId, configuration, startedAt, playerIds }: SearchingTicket,
  { baseUrl, dataDir } = { baseUrl: process.env.E2E_BASE_URL, dataDir: process.env.E2E_DATA_DIR },
) {
  const players = playerIds.map((playerId) => ({ playerId }))
  const envelope = {
    version: '0',
    id: randomUUID(),
    'detail-type': 'GameLift Matchmaking Event',
    source: 'aws.gamelift',
    account: '000000000000',
    time: startedAt.toISOString(),
    region: 'us-east-1',
    resources: [`arn:aws:gamelift:us-east-1:000000000000:matchmakingconfiguration/${configuration}`],
    detail: {
      type: 'MatchmakingSearching',
      tickets: [{ ticketId, startTime: startedAt.toISOString(), players }],
      estimatedWaitMillis: 'NOT_AVAILABLE',
      gameSessionInfo: { players },
    },
  }
  const secret = fs.readFileSync(path.join(String(dataDir), 'ingest-secret'), 'utf8').trim()
  const response = await fetch(`${baseUrl}/api/ingest/local`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-matchdesk-secret': secret },
    body: JSON.stringify(envelope),
  })
  expect(response.status, await response.text()).toBe(200)
}
