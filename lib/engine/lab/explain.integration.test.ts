import { afterEach, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { sdkClient } from '#lib/engine/conformance/sdk-client.ts'
import { startTestEngine, type TestEngine } from '#lib/engine/testing/start-test-engine.ts'

const database = testDatabase()
let engine: TestEngine | null = null
afterEach(async () => {
  await engine?.kill()
  engine = null
})

it('explains the same after the engine was killed and has come back', async () => {
  engine = await startTestEngine({ databaseUrl: database.url })
  const post = async (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${engine?.endpoint}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await response.json()) as Record<string, unknown>
  }
  const teams = [{ name: 'players', minPlayers: 3, maxPlayers: 3 }]
  const client = sdkClient(engine.endpoint)
  await client.call('CreateMatchmakingRuleSet', {
    Name: 'trio',
    RuleSetBody: JSON.stringify({ ruleLanguageVersion: '1.0', teams }),
  })
  await client.call('CreateMatchmakingConfiguration', {
    Name: 'trio',
    RuleSetName: 'trio',
    RequestTimeoutSeconds: 3600,
    AcceptanceRequired: false,
    FlexMatchMode: 'STANDALONE',
  })
  for (const TicketId of ['a', 'b']) {
    await client.call('StartMatchmaking', { TicketId, ConfigurationName: 'trio', Players: [{ PlayerId: TicketId }] })
  }
  await expect
    .poll(() => post('/lab/explain', { ticketId: 'a' }))
    .toMatchObject({
      status: 'SEARCHING',
      sentence:
        'Too few players fit: 1 more player is needed beside 1 other ticket, and no expansion step changes that before the request times out.',
    })
  const { verdict } = await post('/lab/explain', { ticketId: 'a' })
  await engine.kill()
  engine = await startTestEngine({ databaseUrl: database.url })
  expect((await post('/lab/explain', { ticketId: 'a' })).verdict).toEqual(verdict)
})
