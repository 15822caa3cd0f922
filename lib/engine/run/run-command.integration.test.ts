import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { startTestEngine, type TestEngine } from '#lib/engine/testing/start-test-engine.ts'

const EXAMPLE = 'docs/examples/fixtures.yaml'
const database = testDatabase()
const started: TestEngine[] = []
let folder: string
let file: string
/** Where the run in the file ends. */
let end: Record<string, unknown>

async function start(databaseUrl: string | null, ...args: string[]): Promise<TestEngine> {
  const engine = await startTestEngine({ databaseUrl, options: null, args })
  started.push(engine)
  return engine
}

async function lab({ endpoint }: TestEngine, call: string, body?: object): Promise<Record<string, unknown>> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return (await (await fetch(`${endpoint}/lab/${call}`, body ? post : {})).json()) as Record<string, unknown>
}

async function describeTickets({ endpoint }: TestEngine): Promise<unknown> {
  return call(endpoint, 'DescribeMatchmaking', { TicketIds: ['a', 'b', 'c'] })
}

async function call(endpoint: string, operation: string, input: object): Promise<unknown> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `GameLift.${operation}` }
  const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input) })
  return response.json()
}

/** `matchdesk …` in a process of its own. */
async function matchdesk(...args: string[]): Promise<{ code: number; said: string }> {
  const run = promisify(execFile)(process.execPath, ['scripts/matchdesk.mjs', ...args])
  return run.then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    ({ code, stderr }) => ({ code, said: stderr }),
  )
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'run-'))
  file = path.join(folder, 'run.jsonl')
  const engine = await start(null, '--config', EXAMPLE)
  for (const TicketId of ['a', 'b', 'c']) {
    await call(engine.endpoint, 'StartMatchmaking', {
      TicketId,
      ConfigurationName: 'duel',
      Players: [{ PlayerId: `p-${TicketId}` }],
    })
  }
  await lab(engine, 'force/match', { ticketIds: ['a', 'b'] })
  await lab(engine, 'clock/step', { ms: 5_000 })
  await lab(engine, 'force/acceptance-timeout', { ticketId: 'a' })
  end = { clock: await lab(engine, 'clock'), tickets: await describeTickets(engine) }
  await writeFile(file, Buffer.from(await (await fetch(`${engine.endpoint}/lab/run`)).arrayBuffer()))
})
afterEach(async () => {
  for (const engine of started.splice(0)) await engine.kill()
})
afterAll(() => rm(folder, { recursive: true }))

describe('an engine that is started with the run of another', () => {
  it.each([
    ['in memory', () => null],
    ['in PostgreSQL', () => database.url],
  ])('is where that ended, at the same time, %s', async (_where, databaseUrl) => {
    const engine = await start(databaseUrl(), '--run', file, '--clock', 'paused')
    expect(await describeTickets(engine)).toEqual(end.tickets)
    expect(await lab(engine, 'clock')).toEqual(end.clock)
    expect(engine.log()).toContain(`run of ${file}`)
    await lab(engine, 'clock/step', { ms: 600_000 })
    expect(await describeTickets(engine)).not.toEqual(end.tickets)
  })

  it('does not start when there is a run already, or none in the file', async () => {
    await expect(start(database.url, '--run', file)).rejects.toThrow('The engine has a run already;')
    await expect(start(null, '--run', path.join(folder, 'none'))).rejects.toThrow(`There is no file ${folder}/none.`)
    await expect(start(null, '--run', EXAMPLE)).rejects.toThrow(`${EXAMPLE}: Line 1: this is no run`)
  })
})

describe('matchdesk replay', () => {
  it('comes to the same end', async () => {
    const { code, said } = await matchdesk('replay', file)
    expect(said).toContain(`${file} comes to the same end: `)
    expect(said).toContain(JSON.parse((await readFile(file, 'utf8')).trim().split('\n').at(-1)!).eventsDigest)
    expect(code).toBe(0)
  })

  it('says what is wrong with a file, or with the call', async () => {
    const short = path.join(folder, 'short.jsonl')
    const lines = (await readFile(file, 'utf8')).split('\n')
    await writeFile(short, lines.slice(0, 3).join('\n'))
    const refused = { code: 1, said: `${short}: Line 4: the file is cut off here; the end of the run is missing.\n` }
    expect(await matchdesk('replay', short)).toEqual(refused)
    expect(await matchdesk('replay', folder)).toEqual({
      code: 1,
      said: `${folder} is a folder, not the file of a run.\n`,
    })
    expect(await matchdesk('replay')).toMatchObject({
      code: 2,
      said: expect.stringContaining('matchdesk replay <file>'),
    })
  })
})
