import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EngineOptions } from '#lib/engine/core/contract.ts'
import { createEngine } from '#lib/engine/core/engine.ts'
import { DEFAULT_OPTIONS, mergeOptions } from '#lib/engine/core/options.ts'
import { ACCEPTANCE, aDesk, type Desk, start } from '#lib/engine/core/testing/desk.ts'
import { aBusyDesk, anySteps, commandOf, type Step } from '#lib/engine/core/testing/random-life.ts'
import { savedState } from '#lib/engine/core/testing/saved-state.ts'
import { createMemoryStore } from '#lib/engine/journal/memory-store.ts'
import { recover } from '#lib/engine/journal/recover.ts'
import type { JournalStore } from '#lib/engine/journal/store.ts'
import { exportRun } from './export-run.ts'
import { importRun, NotEmpty } from './import-run.ts'
import { linesOf } from './lines.ts'
import { openRun } from './open-run.ts'
import { replayRun } from './replay-run.ts'
import { entryLine, entrySum, headerLine, headerSum, RunRefused } from './run-file.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

async function* each<T>(values: Iterable<T>): AsyncGenerator<T> {
  yield* values
}

async function fileOf(desk: Desk, options: EngineOptions = DEFAULT_OPTIONS): Promise<string> {
  const entries = desk.journal.map((entry) => ({ ...entry, text: JSON.stringify(entry.command) }))
  let file = ''
  for await (const chunk of exportRun(each(entries), entries.length, options)) file += chunk
  return file
}

/** The file's lines, as read in pieces of this many bytes. */
function linesIn(file: string | Uint8Array, pieceBytes = 1000): AsyncGenerator<string> {
  const bytes = Buffer.from(file)
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
    bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  )
  return linesOf(each(pieces))
}

async function refusalOf(file: string | Uint8Array): Promise<string> {
  const refused = await replayRun(linesIn(file)).catch((error: unknown) => error)
  if (!(refused instanceof RunRefused)) throw new Error(`not refused: ${JSON.stringify(refused)}`)
  expect(refused.message.startsWith(`Line ${refused.line}: `)).toBe(true)
  return refused.message
}

function live(desk: Desk, steps: readonly Step[]): Desk {
  for (const step of steps) {
    const command = commandOf(savedState(desk.engine.snapshot()), desk.journal.length, step)
    if ('waitMs' in command) desk.pass(command.waitMs)
    else desk.apply(command)
  }
  return desk
}
/** What a busy desk begins with. */
const BUSY = mergeOptions(DEFAULT_OPTIONS, {
  limits: { finishedTickets: 20, endedGameSessions: 2, liveGameSessions: 3 },
})

/** Some tickets, a forced match, and a text with what other readers take for the end of a line. */
function aRun(): Desk {
  const desk = aDesk({ configuration: { ...ACCEPTANCE, Description: 'zeile\u2028für zeile, 日本' } })
  start(desk, 'a')
  start(desk, 'b')
  desk.apply({ operation: 'ForceMatch', input: { ticketIds: ['a', 'b'] } })
  desk.pass(30_000)
  return desk
}

describe('a run in a file', () => {
  it('is lived again to the same end, whatever happened in it', async () => {
    let events = 0
    await fc.assert(
      fc.asyncProperty(anySteps, fc.integer({ min: 1, max: 5000 }), async (steps, pieceBytes) => {
        const desk = live(aBusyDesk(), steps)
        const run = await replayRun(linesIn(await fileOf(desk, BUSY), pieceBytes))
        expect(run).toMatchObject({
          entries: desk.journal.length,
          events: desk.events.length,
          eventsDigest: sha256(desk.events.map((event) => `${JSON.stringify(event)}\n`).join('')),
          stateDigest: sha256(desk.engine.snapshot()),
        })
        events += run.events
      }),
      { numRuns: 40 },
    )
    expect(events).toBeGreaterThan(500)
  }, 60_000)

  it('is read from where it lies, as often as it is opened', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'run-'))
    const desk = aRun()
    await writeFile(path.join(folder, 'run.jsonl'), await fileOf(desk))
    const open = openRun(path.join(folder, 'run.jsonl'))
    expect(await replayRun(open())).toEqual(await replayRun(open()))
    await rm(folder, { recursive: true })
    await expect(replayRun(open())).rejects.toThrow('ENOENT')
  })

  it('may be empty', async () => {
    let file = ''
    for await (const chunk of exportRun(each([]), 0, DEFAULT_OPTIONS)) file += chunk
    expect(await replayRun(linesIn(file))).toMatchObject({ entries: 0, events: 0 })
  })

  it('ends with the position asked for, though the journal goes on', async () => {
    const entries = aRun().journal.map((entry) => ({ ...entry, text: JSON.stringify(entry.command) }))
    let file = ''
    for await (const chunk of exportRun(each(entries), 4, DEFAULT_OPTIONS)) file += chunk
    expect(await replayRun(linesIn(file))).toMatchObject({ entries: 4 })
  })

  it('is refused when it is cut off anywhere', async () => {
    const file = Buffer.from(await fileOf(aRun()))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: file.length - 2 }), async (length) => {
        // Cut off before its line feed, a line is whole and the next one is missing.
        const line = file.subarray(0, length).toString('latin1').split('\n').length + (file[length] === 10 ? 1 : 0)
        expect(await refusalOf(file.subarray(0, length))).toMatch(new RegExp(`^Line ${line}: `))
      }),
      { numRuns: 200 },
    )
  })

  it('is refused when any character of it is another', async () => {
    const file = await fileOf(aRun())
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: file.length - 2 }),
        fc.constantFrom('0', '7', 'x', '"', ' ', '\n', '}'),
        async (at, other) => {
          fc.pre(file[at] !== other)
          await refusalOf(file.slice(0, at) + other + file.slice(at + 1))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('is refused with the line and the reason', async () => {
    const lines = (await fileOf(aRun())).split('\n')
    const because = (change: (lines: string[]) => void) => {
      const changed = [...lines]
      change(changed)
      return refusalOf(changed.join('\n'))
    }
    expect(lines.length).toBeGreaterThan(9)
    expect(await because((all) => all.splice(0))).toBe(
      'Line 1: the file is cut off here; the end of the run is missing.',
    )
    expect(await because((all) => all.shift())).toMatch(/^Line 1: this is no run/)
    expect(await because((all) => all.splice(2, 1))).toBe('Line 3: entry 3 is damaged: the sum does not agree.')
    expect(await because((all) => all.splice(3, 0, all[2]!))).toBe(
      'Line 4: entry 2 is damaged: the sum does not agree.',
    )
    expect(await because((all) => all.splice(3, 1, '{"position":3}'))).toBe(
      'Line 4: this is no journal entry, or only a part of one.',
    )
    const oneDigit = (line: string) => line.replace(/"timeMs":(\d+)\d,/, '"timeMs":$10,')
    expect(await because((all) => all.splice(5, 1, oneDigit(all[5]!).replace('"timeMs":1', '"timeMs":2')))).toBe(
      'Line 6: entry 5 is damaged: the sum does not agree.',
    )
    expect(await because((all) => all.splice(0, 1, all[0]!.replace('"tickMs":1000', '"tickMs":1001')))).toBe(
      'Line 2: the header or entry 1 is damaged: the sum does not agree.',
    )
    expect(await because((all) => all.splice(0, 1, all[0]!.replace('"tickMs":1000', '"tickMs":-1')))).toMatch(
      /^Line 1: .*tickMs/,
    )
    expect(await because((all) => all.splice(0, 1, all[0]!.replace('Version":1', 'Version":2')))).toBe(
      'Line 1: the format has version 2; this engine reads 1.',
    )
    expect(await because((all) => all.push(all[1]!))).toMatch(/: something follows the end of the run\.$/)
    expect(await because((all) => all.splice(-2, 1, all.at(-2)!.replace(/"events":\d+/, '"events":1')))).toMatch(
      /the run comes to another end here: \d+ events .* where the file has 1 .* written by engine \S+; this is \S+\.$/,
    )
    const notText = Buffer.concat([Buffer.from(lines.slice(0, 3).join('\n')), Buffer.from([0xff, 0xfe])])
    expect(await refusalOf(notText)).toBe('Line 3: it has bytes that are no UTF-8 text.')
  })
})

it('is refused when its entries are whole and yet do not follow one another', async () => {
  const fileWith = (places: { position: number; timeMs: number }[]) => {
    const header = headerLine('0.1.0', DEFAULT_OPTIONS)
    let sum = headerSum(header)
    const entries = places.map(({ position, timeMs }) => {
      const entry = { position, timeMs, command: { operation: 'Tick' as const }, text: '{"operation":"Tick"}' }
      sum = entrySum(entry, sum)
      return entryLine(entry, sum)
    })
    return [header, ...entries].join('\n')
  }
  expect(
    await refusalOf(
      fileWith([
        { position: 1, timeMs: 5 },
        { position: 3, timeMs: 5 },
      ]),
    ),
  ).toBe('Line 3: entry 3 follows entry 1; lines are missing or out of order.')
  expect(
    await refusalOf(
      fileWith([
        { position: 1, timeMs: 5 },
        { position: 2, timeMs: 4 },
      ]),
    ),
  ).toBe('Line 3: entry 2 is earlier than the entry before it.')
})

it('gives up on a line without an end before it fills the memory', async () => {
  const piece = Buffer.alloc(1024 * 1024, 'x')
  let given = 0
  async function* endless() {
    for (;;) {
      given++
      yield piece
    }
  }
  await expect(replayRun(linesOf(endless()))).rejects.toThrow(/^Line 1: it is longer than 16777216 bytes\.$/)
  expect(given).toBe(17)
})

describe('an imported run', () => {
  const at = (file: string) => () => linesIn(file)
  async function entriesOf(store: JournalStore): Promise<unknown[]> {
    const entries: unknown[] = []
    for await (const { position, timeMs, text } of store.entriesAfter(0)) entries.push({ position, timeMs, text })
    return entries
  }

  it('is the run of the engine that starts with it', async () => {
    const desk = aRun()
    const store = createMemoryStore()
    await importRun(store, at(await fileOf(desk)))
    expect(await entriesOf(store)).toEqual(
      desk.journal.map(({ position, timeMs, command }) => ({ position, timeMs, text: JSON.stringify(command) })),
    )
    const events: unknown[] = []
    const { engine, position } = await recover(store, (snapshot) => createEngine(DEFAULT_OPTIONS, snapshot), {
      add: (added) => void events.push(...added),
      written: async () => true,
    })
    expect(position).toBe(desk.journal.length)
    expect(events).toEqual(desk.events)
    expect(engine.snapshot()).toBe(desk.engine.snapshot())
  })

  it('is refused by an engine that has a run already', async () => {
    const file = await fileOf(aRun())
    const store = createMemoryStore()
    await importRun(store, at(file))
    const before = await entriesOf(store)
    await expect(importRun(store, at(file))).rejects.toThrow(NotEmpty)
    expect(await entriesOf(store)).toEqual(before)
  })

  it('leaves nothing behind when it is refused, even when the file breaks between reading and writing', async () => {
    const file = await fileOf(aRun())
    const broken = file.slice(0, file.length / 2)
    const store = createMemoryStore()
    await expect(importRun(store, at(broken))).rejects.toThrow(RunRefused)
    const files = [file, broken]
    await expect(importRun(store, () => linesIn(files.shift()!))).rejects.toThrow(RunRefused)
    expect(await entriesOf(store)).toEqual([])
  })

  it('is refused when it began with other options than this engine begins with', async () => {
    const store = createMemoryStore()
    await expect(importRun(store, at(await fileOf(aBusyDesk(), BUSY)))).rejects.toThrow(
      /^Line 1: the run began with limits .*can be replayed, not imported/,
    )
  })
})
