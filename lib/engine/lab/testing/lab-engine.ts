/** A whole engine in this process, with its journal in memory and its lab over HTTP. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { WriteOperation } from '#lib/engine/core/contract.ts'
import { createEngine } from '#lib/engine/core/engine.ts'
import { DEFAULT_OPTIONS } from '#lib/engine/core/options.ts'
import { createMemoryStore } from '#lib/engine/journal/memory-store.ts'
import { OutboxWriter } from '#lib/engine/journal/outbox.ts'
import type { JournalStore } from '#lib/engine/journal/store.ts'
import { labRoutes } from '#lib/engine/lab/routes.ts'
import { Shell } from '#lib/engine/shell.ts'
import { createWireServer } from '#lib/engine/wire/server.ts'

export interface LabEngine {
  shell: Shell
  url: string
  /** Status and body of a lab call. */
  post(path: string, body: unknown): Promise<[status: number, body: Record<string, unknown>]>
  send(operation: WriteOperation, input: Record<string, unknown>): Promise<Record<string, unknown>>
  stop(): Promise<void>
}

export async function startLabEngine(store: JournalStore = createMemoryStore()): Promise<LabEngine> {
  const outbox = new OutboxWriter(store.outbox, () => {})
  const shell = new Shell({
    store,
    outbox,
    createEngine: (snapshot) => createEngine(DEFAULT_OPTIONS, snapshot),
    onSuperseded: () => {},
  })
  await shell.hold()
  await shell.start()
  const server = createWireServer({
    boundTo: '127.0.0.1',
    execute: (operation, input) => shell.execute(operation, input),
    routes: labRoutes(shell),
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    shell,
    url,
    async post(path, body) {
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
      return [response.status, (await response.json()) as Record<string, unknown>]
    },
    send: (operation, input) => shell.execute(operation, input),
    async stop() {
      server.close()
      server.closeAllConnections()
      await shell.stop()
    },
  }
}

/** Configuration `never`: standalone, two teams of one, and a rule that nobody passes. */
export async function configureNever({ send }: LabEngine, more: Record<string, unknown> = {}): Promise<void> {
  const RuleSetBody = JSON.stringify({
    ruleLanguageVersion: '1.0',
    teams: ['red', 'blue'].map((name) => ({ name, minPlayers: 1, maxPlayers: 1 })),
    rules: [
      {
        name: 'nobody',
        type: 'comparison',
        measurements: ['count(teams[red].players)'],
        operation: '>',
        referenceValue: 9,
      },
    ],
  })
  await send('CreateMatchmakingRuleSet', { Name: 'never', RuleSetBody })
  await send('CreateMatchmakingConfiguration', {
    Name: 'never',
    RuleSetName: 'never',
    RequestTimeoutSeconds: 600,
    AcceptanceRequired: false,
    FlexMatchMode: 'STANDALONE',
    ...more,
  })
}

export function startTicket({ send }: LabEngine, TicketId: string): Promise<unknown> {
  return send('StartMatchmaking', { TicketId, ConfigurationName: 'never', Players: [{ PlayerId: `p-${TicketId}` }] })
}
