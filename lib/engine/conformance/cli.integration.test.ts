import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { startTestEngine, type TestEngine } from '#lib/engine/testing/start-test-engine.ts'
import { cliClient, findAwsCli, runAwsCli } from './cli-client.ts'
import { gameLiftContract } from './contract.ts'
import { sdkClient } from './sdk-client.ts'

const cli = findAwsCli()
if (!cli) {
  it('the AWS CLI', (context) => context.skip('no AWS CLI is installed'))
} else {
  gameLiftContract(`the AWS CLI ${cli.version}`, (endpoint) => cliClient(cli.command, endpoint), {
    alsoSessions: false,
  })
  if (cli.version.startsWith('2.')) stopMatchmakingForms(cli.command)
  else it('stop-matchmaking in all its forms', (context) => context.skip('only version 1 of the AWS CLI is installed'))
}

function stopMatchmakingForms(command: string): void {
  describe('aws gamelift stop-matchmaking', () => {
    const database = testDatabase()
    let engine: TestEngine
    let folder: string

    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'matchdesk-cli-'))
      engine = await startTestEngine({ databaseUrl: database.url })
      const arrange = sdkClient(engine.endpoint)
      const RuleSetBody = JSON.stringify({
        name: 'alone',
        ruleLanguageVersion: '1.0',
        teams: [{ name: 'all', minPlayers: 10, maxPlayers: 10 }],
      })
      await arrange.call('CreateMatchmakingRuleSet', { Name: 'alone', RuleSetBody })
      await arrange.call('CreateMatchmakingConfiguration', {
        Name: 'alone',
        RuleSetName: 'alone',
        RequestTimeoutSeconds: 600,
        AcceptanceRequired: false,
        FlexMatchMode: 'STANDALONE',
      })
      for (const TicketId of ['by-argument', 'by-json', 'by-yaml', 'by-both', 'untouched', 'raw']) {
        const Players = [{ PlayerId: `p-${TicketId}` }]
        await arrange.call('StartMatchmaking', { TicketId, ConfigurationName: 'alone', Players })
      }
      await arrange.close()
    })
    afterAll(async () => {
      await engine?.stop()
      await rm(folder, { recursive: true, force: true })
    })

    const stop = (...args: string[]) => runAwsCli(command, engine.endpoint, ['stop-matchmaking', ...args])
    async function statusOf(ticketId: string): Promise<string | undefined> {
      const client = sdkClient(engine.endpoint)
      const { TicketList } = await client.call('DescribeMatchmaking', { TicketIds: [ticketId] })
      await client.close()
      return (TicketList as { Status: string }[])[0]?.Status
    }

    it('takes --ticket-id, succeeds without output, and gets the empty JSON object as body', async () => {
      const [plain, debugged] = await Promise.all([
        stop('--ticket-id', 'by-argument'),
        stop('--ticket-id', 'raw', '--debug'),
      ])
      expect(plain).toEqual({ code: 0, stdout: '', stderr: '' })
      expect(debugged.stderr).toMatch(/Response body:\s+b'\{\}'/)
      expect([await statusOf('by-argument'), await statusOf('raw')]).toEqual(['CANCELLED', 'CANCELLED'])
    })

    it('takes the JSON skeleton it generates, filled in, as --cli-input-json', async () => {
      const { stdout } = await runAwsCli(command, null, ['stop-matchmaking', '--generate-cli-skeleton', 'input'])
      const skeleton = JSON.parse(stdout)
      expect(skeleton).toEqual({ TicketId: '' })
      const file = path.join(folder, 'stop.json')
      await writeFile(file, JSON.stringify({ ...skeleton, TicketId: 'by-json' }))
      expect(await stop('--cli-input-json', `file://${file}`)).toEqual({ code: 0, stdout: '', stderr: '' })
      expect(await statusOf('by-json')).toBe('CANCELLED')
    })

    it('takes the YAML skeleton it generates, filled in, as --cli-input-yaml', async () => {
      const { stdout } = await runAwsCli(command, null, ['stop-matchmaking', '--generate-cli-skeleton', 'yaml-input'])
      expect(stdout).toMatch(/^TicketId: ''/)
      const file = path.join(folder, 'stop.yaml')
      await writeFile(file, stdout.replace("TicketId: ''", "TicketId: 'by-yaml'"))
      expect(await readFile(file, 'utf8')).toContain('by-yaml')
      expect(await stop('--cli-input-yaml', `file://${file}`)).toEqual({ code: 0, stdout: '', stderr: '' })
      expect(await statusOf('by-yaml')).toBe('CANCELLED')
    })

    it('prefers an argument to the value in a file', async () => {
      const file = path.join(folder, 'both.json')
      await writeFile(file, JSON.stringify({ TicketId: 'untouched' }))
      expect((await stop('--ticket-id', 'by-both', '--cli-input-json', `file://${file}`)).code).toBe(0)
      expect(await statusOf('by-both')).toBe('CANCELLED')
      expect(['QUEUED', 'SEARCHING']).toContain(await statusOf('untouched'))
    })

    it('reports a ticket nobody knows', async () => {
      const { code, stderr } = await stop('--ticket-id', 'nobody')
      expect(code).toBe(254)
      expect(stderr).toContain('An error occurred (NotFoundException) when calling the StopMatchmaking operation')
    })
  })
}
