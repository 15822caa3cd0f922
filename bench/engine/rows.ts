/** Rows E1 to E9: the matching core and the engine core, in child processes that take turns with their anchors. */
import { derivation, type Peer, timesPeer } from '../peers.ts'
import { growth, rate, slowdown } from '../ratios.ts'
import type { RowGroup } from '../row-group.ts'
import { type Finding, figure } from '../rows.ts'
import type { WorkloadName } from '../workload/workloads.ts'
import type { CaseResult } from './cases.ts'

const LIMIT = 'typed-array limit'
const ABSOLUTE = 'nothing (absolute)'
const E2 = { base: 100_000, moon: 300_000 }
/** What E8 allows a feature to cost more, of E2. */
const E8 = { base: 2, moon: 1.3 }
const E2_WITH_FEATURES = { base: E2.base / E8.base, moon: 230_000 }

const matchingCore: RowGroup = {
  section: 'engine',
  ids: ['E1', 'E6'],
  async measure(bench) {
    for (const workload of ['1v1', '5v5', '5v5rich'] as const) {
      const tickets = bench.tickets(100_000, 10_000)
      const { limit, core } = await bench.best(['limit', 'core'], workload, tickets)
      const shared = { ...costOf(core), what: sized(workload, tickets), anchor: LIMIT, smaller: tickets < 100_000 }
      const intake = `taking the tickets in before: ${figure(core.intakeMs ?? 0)} ms`
      const speed = { value: (100 * rate(core)) / rate(limit), unit: '% of the rate', base: 10, moon: 30 }
      bench.report({ ...shared, ...speed, id: 'E1', better: 'higher', note: intake })
      const share = { value: (100 * core.matched) / limit.matched, unit: '% of the matched', base: 99, moon: 100 }
      bench.report({ ...shared, ...share, id: 'E6', better: 'higher', note: `${figure(core.matched)} tickets matched` })
      const spread = { value: core.meanSpread / limit.meanSpread, unit: 'x the spread', base: 1.1, moon: 1 }
      const means = `mean ${figure(core.meanSpread)} against ${figure(limit.meanSpread)}`
      bench.report({ ...shared, ...spread, id: 'E6', better: 'lower', note: means })
    }
  },
}

const wholeEngine: RowGroup = {
  section: 'engine',
  ids: ['E2', 'E2a', 'E2b', 'E2c', 'E5'],
  async measure(bench) {
    for (const workload of ['1v1', '5v5'] as const) {
      for (const tickets of bench.quick ? [bench.tickets(10_000, 10_000)] : [10_000, 100_000]) {
        const { limit, engine, colyseus } = await bench.best(['limit', 'engine', 'colyseus'], workload, tickets)
        const share = rate(engine) / rate(limit)
        const shared = { ...costOf(engine), what: sized(workload, tickets) }
        const matched = `${figure((100 * engine.matched) / limit.matched)} % of the tickets that it matches`
        const kernel = figure(timesPeer('Open Match 2', workload, tickets, share) ?? Number.NaN)
        const note = `${figure(100 * share)} % of the limit's rate, ${matched}; derived: ${kernel} x Open Match 2`
        const speed = { value: rate(engine), unit: 'tickets/CPU s', anchor: ABSOLUTE, ...E2 }
        bench.report({ ...shared, ...speed, id: 'E2', better: 'higher', note })
        const multiple = (id: string, peer: Peer, base: number, moon: number) => {
          const value = timesPeer(peer, workload, tickets, share)
          if (value === null) return
          const goal = { unit: `x ${peer}`, anchor: `${peer}, derived`, base, moon, better: 'higher' as const }
          bench.report({ ...shared, ...goal, id, value, note: derivation(share) })
        }
        multiple('E2a', 'Nakama', 200, 600)
        multiple('E2a', 'flexi', 60, 190)
        // The goal names the kernel's rates of pairs only.
        if (workload === '1v1') multiple('E2b', 'Open Match 2', 0.5, 1.5)
        const peer = `${figure(rate(colyseus))} tickets per CPU second with rooms and seats, without balance`
        const lead = { value: rate(engine) / rate(colyseus), unit: 'x', anchor: 'Colyseus QueueRoom', note: peer }
        const cut = engine.cut === true || colyseus.cut === true
        bench.report({ ...shared, ...lead, id: 'E2c', base: 2.5, moon: 8, better: 'higher', cut })
        const block = { value: engine.longestTickMs ?? null, unit: 'ms CPU, longest Tick', anchor: ABSOLUTE }
        const goal = { base: 20, moon: 5, better: 'lower' as const, smaller: tickets < 100_000 }
        bench.report({ ...shared, ...block, ...goal, id: 'E5' })
      }
    }
  },
}

/** A workload that has no anchor of its own: a ticket may cost what E8 allows it to cost over E2. */
function otherWorkload(id: string, workload: WorkloadName, full: number, quick: number, words: string): RowGroup {
  return {
    section: 'engine',
    ids: [id],
    async measure(bench) {
      const tickets = bench.tickets(full, quick)
      const { engine } = await bench.best(['engine'], workload, tickets)
      const speed = { value: rate(engine), unit: 'tickets/CPU s', anchor: ABSOLUTE, ...E2_WITH_FEATURES }
      const players = (engine.players ?? 0) / engine.matched
      const notes = [
        words,
        ...(players > 1 ? [`${figure(players * rate(engine))} players per CPU second`] : []),
        `${figure((100 * engine.matched) / tickets)} % of the tickets matched`,
        'our own row, base and moon are those of E2 over those of E8',
      ]
      const what = sized(workload, tickets)
      bench.report({ ...costOf(engine), ...speed, id, what, better: 'higher', note: notes.join('; ') })
    },
  }
}

const growing: RowGroup = {
  section: 'engine',
  ids: ['E3'],
  async measure(bench) {
    const sizes = bench.quick ? [10_000, 20_000, 40_000] : [10_000, 25_000, 63_000, 160_000, 400_000, 1_000_000]
    const results: CaseResult[] = []
    for (const tickets of sizes) results.push((await bench.best(['engine'], '1v1', tickets)).engine)
    const largest = results.at(-1)!
    const { perDoubling, overall, slope } = growth(results)
    const shared = {
      ...{ id: 'E3', what: `1v1, ${figure(sizes[0]!)} to ${figure(sizes.at(-1)!)}`, cpuMs: largest.cpuMs },
      ...{ perCpuSecond: null, better: 'lower' as const, smaller: bench.quick },
      ...{ cut: results.some(({ cut }) => cut === true) },
    }
    const rates = `tickets/CPU s at each size: ${results.map((result) => figure(rate(result))).join(', ')}`
    const worst = { value: Math.max(...perDoubling), unit: 'x per doubling', anchor: 'half the pool' }
    const steps = `steps ${perDoubling.map(figure).join(', ')}`
    bench.report({ ...shared, ...worst, base: 1.3, moon: 1.2, note: `${steps}; ${rates}` })
    const whole = { value: overall, unit: 'x in all', anchor: 'the smallest pool' }
    bench.report({ ...shared, ...whole, base: 4, moon: 2.5 })
    const fitted = { value: slope, unit: 'log-log slope', anchor: 'linear (1)' }
    bench.report({ ...shared, ...fitted, base: 1.15, moon: 1.15, note: 'least squares' })
  },
}

const hardPool: RowGroup = {
  section: 'engine',
  ids: ['E4'],
  async measure(bench) {
    const tickets = bench.tickets(1_000_000, 50_000)
    for (const workload of ['hard', 'hardmode'] as const) {
      const { arrivals } = await bench.best(['arrivals'], workload, tickets)
      const shared = {
        ...{ id: 'E4', what: sized(workload, tickets), cpuMs: arrivals.cpuMs, perCpuSecond: null, anchor: ABSOLUTE },
        ...{ better: 'lower' as const, smaller: tickets < 1_000_000, cut: arrivals.cut === true },
      }
      const words = workload === 'hard' ? 'clumps of nine in skill' : 'game modes of nine players in one dense crowd'
      const arrival = { value: arrivals.arrivalUs ?? null, unit: 'us per arrival', base: 20, moon: 5 }
      bench.report({ ...shared, ...arrival, note: `5v5, ${words}; StartMatchmaking and its share of the Tick` })
      bench.report({ ...shared, value: arrivals.idleTickMs ?? null, unit: 'ms per idle Tick', base: 1, moon: 0.05 })
    }
  },
}

const memory: RowGroup = {
  section: 'engine',
  ids: ['E7'],
  async measure(bench) {
    for (const tickets of bench.quick ? [bench.tickets(100_000, 50_000)] : [100_000, 1_000_000]) {
      const { memory } = await bench.best(['memory'], 'far', tickets)
      bench.report({
        ...{ id: 'E7', what: sized('far', tickets), cpuMs: memory.cpuMs, perCpuSecond: null },
        ...{ value: memory.bytesPerTicket ?? null, unit: 'bytes per waiting ticket', anchor: ABSOLUTE },
        ...{ base: 1200, moon: 400, better: 'lower', smaller: tickets < 100_000, cut: memory.cut === true },
      })
    }
  },
}

const switchedOn: RowGroup = {
  section: 'engine',
  ids: ['E8'],
  async measure(bench) {
    const tickets = bench.tickets(100_000, 10_000)
    const pairs = await bench.best(['engine'], 'waved', tickets)
    for (const workload of ['accepted', 'expanding', 'backfilled'] as const) {
      const { engine } = await bench.best(['engine'], workload, tickets)
      const words = {
        accepted: 'every player of every match accepts',
        expanding: 'three expansions of the skill distance',
        backfilled: 'every 20th ticket a backfill of 8 players',
      }[workload]
      bench.report({
        ...{ ...costOf(engine), id: 'E8', what: sized(workload, tickets), value: slowdown(engine, pairs.engine) },
        ...{ unit: 'x per ticket', anchor: '5v5 without, same waves', ...E8, better: 'lower' },
        note: words,
      })
    }
  },
}

const overNaive: RowGroup = {
  section: 'engine',
  ids: ['E9'],
  async measure(bench) {
    const tickets = bench.tickets(10_000, 4_000)
    const { naive, core } = await bench.best(['naive', 'core'], '5v5rich', tickets)
    bench.report({
      ...{ ...costOf(core), id: 'E9', what: sized('5v5rich', tickets), value: rate(core) / rate(naive), unit: 'x' },
      ...{ anchor: 'naive scan', base: 100, moon: 500, better: 'higher', smaller: tickets < 10_000 },
      note: `${figure(rate(naive))} tickets per CPU second${naive.cut ? ' until its time was up' : ''}`,
    })
  },
}

export const ENGINE_ROWS: readonly RowGroup[] = [
  matchingCore,
  wholeEngine,
  otherWorkload('E2p', 'parties', 100_000, 10_000, 'parties of 1 to 5, two teams of 5'),
  otherWorkload('E2m', 'many', 15_000, 15_000, '300 configurations of 50 tickets, 1v1'),
  otherWorkload('E2l', 'large', 100_000, 10_000, 'matches of 200 players'),
  growing,
  hardPool,
  memory,
  switchedOn,
  overNaive,
]

function sized(workload: WorkloadName, tickets: number): string {
  return `${workload}, ${tickets.toLocaleString('en-US')}`
}

function costOf(result: CaseResult): Pick<Finding, 'cpuMs' | 'perCpuSecond' | 'cut'> {
  return { cpuMs: result.cpuMs, perCpuSecond: rate(result), ...(result.cut && { cut: true }) }
}
