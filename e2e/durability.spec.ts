import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CreateMatchmakingConfigurationCommand,
  CreateMatchmakingRuleSetCommand,
  DescribeMatchmakingCommand,
  GameLiftClient,
  StartMatchmakingCommand,
} from '@aws-sdk/client-gamelift'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#lib/db/embedded.ts'
import { migrate } from '#lib/db/migrate.ts'
import { type Db, openPool } from '#lib/db/pool.ts'
import { expect, test } from './fixtures.ts'
import { somewhere } from './server/matchdesk.ts'

const KILLS = 20
const SENDERS = 4
const SECRET = 'a-secret-for-durability-tests'

test(`${KILLS} kills of the dashboard under load lose no event it answered 200 for, and none of the engine's`, async () => {
  test.setTimeout(240_000)
  const where = await somewhere('durability')
  const postgres: EmbeddedPostgres = await startEmbeddedPostgres(path.join(where.dataDir, 'postgres'))
  const db = openPool(postgres.connectionString, { name: 'durability', max: 2 })
  await migrate(db)
  const env = {
    ...process.env,
    NODE_ENV: 'production' as const,
    DATABASE_URL: postgres.connectionString,
    MATCHDESK_DATA_DIR: where.dataDir,
    PORT: String(where.port),
    ENGINE_PORT: String(where.enginePort),
    MATCHDESK_INGEST_SECRET: SECRET,
    MATCHDESK_DEMO: '0',
  }
  const dashboard = `http://127.0.0.1:${where.port}`
  const engineUrl = `http://127.0.0.1:${where.enginePort}`
  const engine = await run('lib/engine/main.ts', [], env, `${engineUrl}/health`)
  const startWeb = () =>
    run('node_modules/next/dist/bin/next', ['start', '--port', env.PORT], env, `${dashboard}/api/health`)
  let web = await startWeb()
  try {
    const client = new GameLiftClient({
      endpoint: engineUrl,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    })
    await createDuel(client)
    const acknowledged: string[] = []
    const played: string[] = []
    let loading = true
    const load = [
      ...Array.from({ length: SENDERS }, async () => {
        while (loading) await deliver(`${dashboard}/api/ingest/local`, acknowledged)
      }),
      (async () => {
        while (loading) played.push(await play(client))
      })(),
    ]
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(100 + ((kill * 173) % 600)) // another phase of a delivery each time
      await end(web)
      web = await startWeb()
    }
    loading = false
    await Promise.all(load)

    expect(acknowledged.length).toBeGreaterThan(KILLS)
    expect(await missingFacts(db, acknowledged)).toEqual([])
    expect(played.length).toBeGreaterThan(KILLS)
    // The engine goes on delivering until each of its events has been taken.
    await expect.poll(() => differing(db, client, played), { timeout: 60_000 }).toEqual([])
  } finally {
    await end(web)
    await end(engine)
    await db.end()
    await postgres.stop()
    fs.rmSync(where.dataDir, { recursive: true, force: true })
  }
})

/** Sends two events of a ticket nobody else knows, as AWS would, and notes their ids only if the answer was 200. */
async function deliver(url: string, acknowledged: string[]): Promise<void> {
  const ticketId = `sent-${randomUUID()}`
  const events = [anEvent(ticketId, 'MatchmakingSearching'), anEvent(ticketId, 'MatchmakingTimedOut')]
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-matchdesk-secret': SECRET },
      body: JSON.stringify(events),
      signal: AbortSignal.timeout(5_000),
    })
    if (response.status === 200) acknowledged.push(...events.map((event) => event.id))
    else if (response.status < 500) throw new TypeError(`answered ${response.status}: ${await response.text()}`)
  } catch (error) {
    if (error instanceof TypeError && error.message.startsWith('answered')) throw error
    await sleep(50) // it is down: nothing was promised
  }
}

async function play(client: GameLiftClient): Promise<string> {
  const TicketId = `played-${randomUUID()}`
  const Players = [{ PlayerId: TicketId }]
  await client.send(new StartMatchmakingCommand({ TicketId, ConfigurationName: 'duel', Players }))
  await sleep(40)
  return TicketId
}

async function missingFacts(db: Db, ids: string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select asked as id from unnest($1::text[]) as asked
     where not exists (select from facts where environment = 'local' and facts.id = asked)`,
    [ids],
  )
  return rows.map((row) => row.id)
}

/** Tickets whose status in the index is not the engine's. */
async function differing(db: Db, client: GameLiftClient, ticketIds: string[]): Promise<string[]> {
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

function anEvent(ticketId: string, type: 'MatchmakingSearching' | 'MatchmakingTimedOut') {
  const time = new Date().toISOString()
  const players = [{ playerId: `of-${ticketId}` }]
  const reasons =
    type === 'MatchmakingTimedOut'
      ? { reason: 'TimedOut', message: 'Removed from matchmaking due to timing out.' }
      : { estimatedWaitMillis: 'NOT_AVAILABLE' }
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'GameLift Matchmaking Event',
    source: 'aws.gamelift',
    account: '000000000000',
    time,
    region: 'us-east-1',
    resources: ['arn:aws:gamelift:us-east-1:000000000000:matchmakingconfiguration/sent'],
    detail: { type, tickets: [{ ticketId, startTime: time, players }], gameSessionInfo: { players }, ...reasons },
  }
}

async function run(script: string, args: string[], env: NodeJS.ProcessEnv, healthUrl: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script, ...args], { env, stdio: 'ignore' })
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) break
    const healthy = await fetch(healthUrl).then(
      (response) => response.ok,
      () => false,
    )
    if (healthy) return child
    await sleep(50)
  }
  child.kill('SIGKILL')
  throw new Error(`${script} did not answer at ${healthUrl}.`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

async function createDuel(client: GameLiftClient): Promise<void> {
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
