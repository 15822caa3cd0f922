/** Rows E1 to E9: the matching core and the engine core, in child processes that take turns with their anchors. */
import { runCase } from './children.ts'
import type { CaseResult } from './engine-cases.ts'
import { type Finding, figure } from './rows.ts'
import type { RuleSetName } from './workload.ts'

export interface Effort {
  quick: boolean
  report(finding: Finding): void
}

/** Tickets per CPU second of other engines on such tickets, measured once elsewhere: what is derived from them is marked. */
const PEERS = {
  '1v1': { Nakama: 446, flexi: 1540, 'Open Match 2': 192_000 },
  '5v5': { Nakama: 180, flexi: 769, 'Open Match 2': 203_000 },
}

export async function engineSection({ quick, report }: Effort): Promise<void> {
  const rounds = quick ? 2 : 3
  const budgetMs = quick ? 4_000 : 60_000
  const known = new Map<string, ReturnType<typeof interleaved>>()
  const best = (names: readonly string[], ruleSet: RuleSetName, tickets: number) => {
    const key = JSON.stringify([names, ruleSet, tickets])
    const found = known.get(key) ?? interleaved(rounds, names, (name) => runCase(name, { ruleSet, tickets, budgetMs }))
    known.set(key, found)
    return found
  }

  for (const ruleSet of ['1v1', '5v5', '5v5rich'] as const) {
    const tickets = quick ? (ruleSet === '5v5rich' ? 2_000 : 10_000) : 100_000
    // The naive scan joins in where it can finish; row E9 is about it.
    const withNaive = ruleSet === '5v5rich' && quick
    const { limit, core } = await best(withNaive ? ['limit', 'naive', 'core'] : ['limit', 'core'], ruleSet, tickets)
    const shared = {
      what: `${ruleSet}, ${figure(tickets)}`,
      ...costOf(core!),
      better: 'higher' as const,
      smaller: quick,
    }
    const value = (100 * rate(core!)) / rate(limit!)
    report({ ...shared, id: 'E1', value, unit: '%', anchor: 'typed-array limit', base: 10, moon: 30 })
    const share = (100 * core!.matched) / limit!.matched
    report({ ...shared, id: 'E6', value: share, unit: '% matched', anchor: 'typed-array limit', base: 99, moon: 100 })
  }

  for (const ruleSet of ['1v1', '5v5'] as const) {
    for (const tickets of quick ? [10_000] : [10_000, 100_000]) {
      const { engine } = await best(['engine'], ruleSet, tickets)
      const what = `${ruleSet}, ${figure(tickets)}`
      const peers = Object.entries(PEERS[ruleSet]).map(([peer, theirs]) => `${figure(rate(engine!) / theirs)}x ${peer}`)
      const derived = tickets === 10_000 ? `derived: ${peers.join(', ')}` : ''
      const cost = costOf(engine!)
      report({
        ...{ ...cost, id: 'E2', what, value: rate(engine!), unit: 'tickets/CPU s', anchor: 'none (absolute)' },
        ...{ base: 100_000, moon: 300_000, better: 'higher', note: derived },
      })
      report({
        ...{ ...cost, id: 'E5', what, value: engine!.longestMs ?? 0, unit: 'ms CPU, longest Tick' },
        ...{ anchor: 'none (absolute)', base: 20, moon: 5, better: 'lower', smaller: tickets < 100_000 },
      })
    }
  }

  const sizes = quick ? [5_000, 10_000, 20_000] : [10_000, 20_000, 40_000, 80_000]
  const perTicket: number[] = []
  let cpuMs = 0
  let cut = false
  for (const tickets of sizes) {
    const { engine } = await best(['engine'], '1v1', tickets)
    perTicket.push(1 / rate(engine!))
    cpuMs = engine!.cpuMs
    cut ||= engine!.cut === true
  }
  const steps = perTicket.slice(1).map((cost, index) => cost / (perTicket[index] ?? cost))
  report({
    ...{ id: 'E3', what: `1v1, ${sizes.map(figure).join(' > ')}`, cpuMs, perCpuSecond: null },
    ...{ value: Math.max(...steps), unit: 'x per doubling', anchor: 'half the pool', base: 1.3, moon: 1.2 },
    ...{
      better: 'lower',
      cut,
      smaller: true,
      note: `CPU per ticket, steps ${steps.map(figure).join(', ')}; the goal reaches to 1 M`,
    },
  })

  const waiting = quick ? 10_000 : 100_000
  const memory = await runCase('memory', { ruleSet: 'hard', tickets: waiting, budgetMs })
  report({
    ...{ id: 'E7', what: `hard, ${figure(waiting)}`, cpuMs: memory.cpuMs, perCpuSecond: null },
    ...{ value: memory.bytesPerTicket ?? 0, unit: 'bytes per waiting ticket', anchor: 'none (absolute)' },
    ...{ base: 1200, moon: 400, better: 'lower', smaller: quick },
  })

  const tickets = quick ? 2_000 : 10_000
  const { naive, core } = await best(['limit', 'naive', 'core'], '5v5rich', tickets)
  report({
    ...{
      ...costOf(core!),
      id: 'E9',
      what: `5v5rich, ${figure(tickets)}`,
      value: rate(core!) / rate(naive!),
      unit: 'x',
    },
    ...{ anchor: 'naive scan', base: 100, moon: 500, better: 'higher', smaller: quick },
  })
}

function rate({ matched, cpuMs }: CaseResult): number {
  return matched / (cpuMs / 1000)
}

function costOf(result: CaseResult): Pick<Finding, 'cpuMs' | 'perCpuSecond' | 'cut'> {
  return { cpuMs: result.cpuMs, perCpuSecond: rate(result), ...(result.cut && { cut: true }) }
}

/** A B A B …: whatever else the machine does meets all of them. The best of each counts; of durations, the shortest. */
async function interleaved(rounds: number, names: readonly string[], run: (name: string) => Promise<CaseResult>) {
  const best: Record<string, CaseResult> = {}
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const result = await run(name)
      const known = best[name]
      const better = !known || rate(result) > rate(known) ? result : known
      best[name] = { ...better, longestMs: Math.min(result.longestMs ?? Infinity, known?.longestMs ?? Infinity) }
    }
  }
  return best
}
