/** Rows P1 to P3: events and ticket transitions on their way into the index. */
import { matchOverHttp } from '../api/rows.ts'
import { runChild } from '../children.ts'
import { type Cost, rate, slowdown } from '../ratios.ts'
import type { Bench, RowGroup } from '../row-group.ts'
import { figure } from '../rows.ts'
import type { Written } from './write-anchors.ts'
import type { WriteInput } from './write-case.ts'

const WALL_MS = 300_000

const events: RowGroup = {
  section: 'db',
  ids: ['P1'],
  async measure(bench) {
    const matches = bench.tickets(30_000, 6_000) / 2
    const names = ['copied', 'stored', 'received'] as const
    const [anchor, product, whole] = await inTurn(bench, names, { matches, warmUpMatches: 1_500 })
    const wholly = `${figure((100 * perSecond(whole)) / perSecond(anchor))} % with the tickets they move, see P2`
    bench.report({
      ...{ id: 'P1', what: `${figure(product.count)} events of 1v1 matches`, cpuMs: product.cpuMs },
      ...{
        perCpuSecond: (1000 * product.count) / product.cpuMs,
        value: (100 * perSecond(product)) / perSecond(anchor),
      },
      ...{ unit: '% of the rate', anchor: 'COPY, no index', base: 35, moon: 55, better: 'higher' },
      note: `${figure(perSecond(product))} events/s over ${figure(perSecond(anchor))}; ${wholly}`,
    })
  },
}

const transitions: RowGroup = {
  section: 'db',
  ids: ['P2'],
  async measure(bench) {
    const matches = bench.tickets(10_000, 4_000) / 2
    const names = ['upserted', 'moved', 'moved by events'] as const
    const [anchor, product, door] = await inTurn(bench, names, { matches, warmUpMatches: 1_000 })
    const byEvents = `${figure((100 * perSecond(door)) / perSecond(anchor))} % with storing the events that move them`
    bench.report({
      ...{ id: 'P2', what: `${figure(product.count)} transitions of 1v1 matches`, cpuMs: product.cpuMs },
      ...{
        perCpuSecond: (1000 * product.count) / product.cpuMs,
        value: (100 * perSecond(product)) / perSecond(anchor),
      },
      ...{ unit: '% of the rate', anchor: 'raw upserts, our indexes', base: 60, moon: 85, better: 'higher' },
      note: `${figure(perSecond(product))} transitions/s over ${figure(perSecond(anchor))}; ${byEvents}`,
    })
  },
}

/**
 * The engine keeps its journal before it answers, so there is nothing to be behind with, and no ticket of E2, which has
 * neither requests nor answers, to compare with: what is compared is the process under load, with its journal in
 * PostgreSQL and in memory.
 */
const persistence: RowGroup = {
  section: 'db',
  ids: ['P3'],
  async measure(bench) {
    const databases = await bench.databases()
    const tickets = bench.tickets(20_000, 4_000)
    const best: Record<'memory' | 'database', Cost | null> = { memory: null, database: null }
    for (let round = 0; round < (bench.quick ? 1 : 3); round++) {
      for (const place of ['memory', 'database'] as const) {
        const cost = await matchOverHttp(place === 'memory' ? null : await databases.create(), tickets)
        const known = best[place]
        if (known === null || rate(cost) > rate(known)) best[place] = cost
      }
    }
    const [memory, database] = [best.memory!, best.database!]
    bench.report({
      ...{ id: 'P3', what: `1v1 over HTTP, ${tickets.toLocaleString('en-US')}`, cpuMs: database.cpuMs },
      ...{ perCpuSecond: rate(database), value: 100 * (slowdown(database, memory) - 1), unit: '% more CPU a ticket' },
      ...{ anchor: 'journal in memory', base: 20, moon: 5, better: 'lower' },
      note: `${figure(rate(database))} over ${figure(rate(memory))} tickets/CPU s; committed before each answer`,
    })
  },
}

export const WRITE_ROWS: readonly RowGroup[] = [events, transitions, persistence]

/** A B A B …, each in a process and a database of its own; the best of each counts. */
async function inTurn<const C extends readonly string[]>(
  bench: Bench,
  cases: C,
  size: Omit<WriteInput, 'databaseUrl'>,
): Promise<{ [K in keyof C]: Written }> {
  const databases = await bench.databases()
  const best: Written[] = []
  for (let round = 0; round < (bench.quick ? 1 : 3); round++) {
    for (const [place, name] of cases.entries()) {
      const input = JSON.stringify({ ...size, databaseUrl: await databases.create() })
      const written = await runChild<Written>('db/write-case.ts', [name, input], WALL_MS)
      const known = best[place]
      if (known === undefined || perSecond(written) > perSecond(known)) best[place] = written
    }
  }
  return best as { [K in keyof C]: Written }
}

function perSecond({ count, wallMs }: Written): number {
  return (1000 * count) / wallMs
}
