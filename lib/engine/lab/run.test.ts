import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMemoryStore } from '#lib/engine/journal/memory-store.ts'
import { importRun } from '#lib/engine/run/import-run.ts'
import { linesOf } from '#lib/engine/run/lines.ts'
import { replayRun } from '#lib/engine/run/replay-run.ts'
import { configureNever, type LabEngine, startLabEngine, startTicket } from './testing/lab-engine.ts'

const running: LabEngine[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((engine) => engine.stop()))
})

async function anEngine(...given: Parameters<typeof startLabEngine>): Promise<LabEngine> {
  const engine = await startLabEngine(...given)
  running.push(engine)
  return engine
}

/** Its clock stands from the beginning, so that no Tick comes between. */
async function aRun(): Promise<LabEngine> {
  const engine = await anEngine()
  await engine.post('/lab/clock/pause', {})
  await configureNever(engine)
  for (const ticketId of ['a', 'b', 'c']) await startTicket(engine, ticketId)
  await engine.post('/lab/force/match', { ticketIds: ['a', 'b'] })
  await engine.post('/lab/clock/step', { ms: 5_000 })
  return engine
}

describe('the run of an engine', () => {
  it('is a file that leads another engine to the same state', async () => {
    const engine = await aRun()
    const response = await fetch(`${engine.url}/lab/run`)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/jsonl'])
    const file = Buffer.from(await response.arrayBuffer())
    const open = () => linesOf(new Blob([file]).stream())
    expect(await replayRun(open())).toMatchObject({
      entries: engine.shell.position,
      stateDigest: createHash('sha256').update(engine.shell.snapshot()).digest('hex'),
    })

    const store = createMemoryStore()
    await importRun(store, open)
    const { shell } = await anEngine(store)
    const described = await shell.execute('DescribeMatchmaking', { TicketIds: ['a', 'b', 'c'] })
    expect(described).toEqual(await engine.shell.execute('DescribeMatchmaking', { TicketIds: ['a', 'b', 'c'] }))
  })

  it('can be exported while it goes on, as it was at the call', async () => {
    const engine = await aRun()
    const { position } = engine.shell
    const response = await fetch(`${engine.url}/lab/run`)
    await startTicket(engine, 'late')
    expect(await replayRun(linesOf(response.body!))).toMatchObject({ entries: position })
    expect(engine.shell.position).toBeGreaterThan(position)
  })

  it('can be exported again when somebody went away in the middle', async () => {
    const engine = await aRun()
    const leaving = new AbortController()
    await fetch(`${engine.url}/lab/run`, { signal: leaving.signal })
    leaving.abort()
    await vi.waitFor(async () => {
      const response = await fetch(`${engine.url}/lab/run`)
      expect(response.status).toBe(200)
      await replayRun(linesOf(response.body!))
    })
  })

  it('is refused when its beginning is gone', async () => {
    const store = createMemoryStore([], 1)
    const engine = await anEngine(store)
    await configureNever(engine)
    const response = await fetch(`${engine.url}/lab/run`)
    expect([response.status, await response.json()]).toMatchObject([
      410,
      { Message: 'The run cannot be exported: Entries before 2 are no longer in memory.' },
    ])
  })

  it('is broken off, not ended, when it cannot be read to its end', async () => {
    const store = createMemoryStore()
    const engine = await anEngine(store)
    await configureNever(engine)
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const whole = store.entriesAfter
    vi.spyOn(store, 'entriesAfter').mockImplementation(async function* (position) {
      for await (const entry of whole(position)) {
        if (entry.position === 2) throw new Error('the disk is gone')
        yield entry
      }
    })
    await expect(fetch(`${engine.url}/lab/run`).then((response) => response.text())).rejects.toThrow()
    expect(log).toHaveBeenCalledWith(expect.stringContaining('was broken off'), expect.any(Error))
    log.mockRestore()
  })
})
