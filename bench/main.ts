/**
 * `npm run bench`: how fast the engine and the desk are, as ratios to anchors that run in turn with them.
 *
 *   --quick            smaller pools, one round: about a minute on a quiet machine, without it about eight
 *   --section engine   these only, of engine (its core), api (its process over HTTP), db (the index), live and web
 *   --rows E1,A4       these rows only
 *   --index-rows 10000000   the index that D1 to D5 ask has so many tickets; without it 1000000, with --quick 100000. The
 *                      goals speak of ten million, which take a quarter of an hour to make and 25 GB of disk
 *   --tickets 500      pools of this size instead, to try the bench out: what fits a smaller pool proves no goal
 *   --json             JSON lines instead of text: the machine, then one line per row
 *   --report-only      exit 0 also when a row is below base
 *
 * Exit 1 when a row is below base. Compare ratios, and only those across machines.
 */
import os from 'node:os'
import { parseArgs } from 'node:util'
import { type Databases, startDatabases } from './api/databases.ts'
import { API_ROWS } from './api/rows.ts'
import { endChildren, runChild, TookTooLong } from './children.ts'
import { DB_ROWS } from './db/rows.ts'
import type { CaseResult } from './engine/cases.ts'
import { ENGINE_ROWS } from './engine/rows.ts'
import { interleaved } from './interleaved.ts'
import { LIVE_ROWS } from './live/rows.ts'
import type { Bench, RowGroup } from './row-group.ts'
import { exitCode, type Finding, heading, judged, line, type Row, table } from './rows.ts'
import { WEB_ROWS } from './web/rows.ts'

const GROUPS: readonly RowGroup[] = [...ENGINE_ROWS, ...API_ROWS, ...DB_ROWS, ...LIVE_ROWS, ...WEB_ROWS]
const SECTIONS: readonly string[] = ['engine', 'api', 'db', 'live', 'web']

const options = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    section: { type: 'string' },
    rows: { type: 'string' },
    'index-rows': { type: 'string' },
    tickets: { type: 'string' },
    json: { type: 'boolean', default: false },
    'report-only': { type: 'boolean', default: false },
  },
}).values
const { quick, json } = options
const wanted = options.rows?.split(',') ?? [...new Set(GROUPS.flatMap(({ ids }) => ids))]
const sections = options.section?.split(',') ?? SECTIONS
refuseUnknown('--section', sections, SECTIONS)
refuseUnknown(
  '--rows',
  wanted,
  GROUPS.flatMap(({ ids }) => ids),
)

const INDEX_ROWS: readonly string[] = ['100000', '1000000', '10000000']
const indexRows = options['index-rows'] ?? (quick ? '100000' : '1000000')
refuseUnknown('--index-rows', [indexRows], INDEX_ROWS)

/** Of a pool that takes a minute once is enough. */
const HUGE_POOL = 400_000
const roundsOf = (tickets: number) => (quick || tickets >= HUGE_POOL ? 1 : 2)
/** CPU time of one drain, and then the time a whole child may take: a product that hangs must still give a row. */
const budgetMs = quick ? 4_000 : 120_000
const wallMs = quick ? 30_000 : 900_000
const rows: Row[] = []
const known: { key: string; cases: readonly string[]; results: Promise<Record<string, CaseResult>> }[] = []
let databases: Promise<Databases> | undefined
let stopping = false

const bench: Bench = {
  quick,
  indexRows: Number(indexRows),
  tickets: (full, some) => Number(options.tickets ?? (quick ? some : full)),
  best(cases, workload, tickets) {
    const key = `${workload} ${tickets}`
    const found = known.find((one) => one.key === key && cases.every((name) => one.cases.includes(name)))
    if (found) return found.results
    const input = JSON.stringify({ workload, tickets, budgetMs, quick })
    const run = (name: string) => runChild<CaseResult>('engine/case.ts', [name, input], wallMs)
    const results = interleaved<string>(roundsOf(tickets), cases, run)
    known.push({ key, cases, results })
    return results
  },
  databases() {
    databases ??= startDatabases()
    return databases
  },
  report: add,
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, async () => {
    stopping = true
    endChildren()
    await (await databases)?.stop()
    process.exit(1)
  })
}
print(json ? JSON.stringify({ machine: machine(), quick }) : introduction())
const startMs = performance.now()
for (const group of GROUPS) {
  const ids = group.ids.filter((id) => wanted.includes(id))
  if (ids.length === 0 || !sections.includes(group.section)) continue
  const before = rows.length
  try {
    await group.measure({ ...bench, report: (finding) => void (ids.includes(finding.id) && add(finding)) })
  } catch (error) {
    if (stopping) await new Promise(() => {}) // the signal ends the process
    if (!(error instanceof TookTooLong)) console.error(error)
    const reported = new Set(rows.slice(before).map(({ id }) => id))
    const missing = ids.filter((id) => !reported.has(id))
    for (const id of missing.length > 0 ? missing : ids) add(nothing(id, error as Error))
  }
}

await (await databases)?.stop()
if (!json) print(conclusion())
process.exit(exitCode(rows, options['report-only']))

function add(finding: Finding): void {
  const row = judged(finding)
  rows.push(row)
  print(json ? JSON.stringify(row) : line(row))
}

/** What could not be measured counts as below base. */
function nothing(id: string, error: Error): Finding {
  const cut = error instanceof TookTooLong
  return {
    ...{ id, what: 'not measured', cpuMs: null, perCpuSecond: null, value: null, unit: '', anchor: '' },
    ...{ base: 0, moon: 0, better: 'higher', cut, note: error.message.split('\n')[0] },
  }
}

function machine() {
  const [cpu] = os.cpus()
  return { cores: os.cpus().length, cpu: cpu?.model, node: process.version, loadAverage: os.loadavg() }
}

function introduction(): string {
  const { cores, cpu, node } = machine()
  return [
    `Node ${node} on ${cores} x ${cpu}, load average ${loads()}.`,
    'Only the ratios compare across machines, and only a quiet machine gives good ones.',
    '',
    heading(),
  ].join('\n')
}

function conclusion(): string {
  const reached = rows.filter(({ verdict }) => verdict !== 'FAIL').length
  const lines = [`\n${table(rows)}\n`, `${reached} of ${rows.length} rows at base or better. Every match was verified.`]
  if (rows.some(({ verdict }) => verdict === 'pass here')) {
    lines.push(
      '"pass here": base was reached on a smaller pool than the goal speaks of, which does not prove the goal.',
    )
  }
  const seconds = Math.round((performance.now() - startMs) / 1000)
  lines.push(`It took ${seconds} s; load average at the end ${loads()}.`)
  return lines.join('\n')
}

function loads(): string {
  return os
    .loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')
}

function refuseUnknown(option: string, given: readonly string[], allowed: readonly string[]): void {
  const unknown = given.filter((one) => !allowed.includes(one))
  if (unknown.length === 0) return
  console.error(`${option} takes ${[...new Set(allowed)].join(', ')}, not ${unknown.join(', ')}.`)
  process.exit(2)
}

function print(text: string): void {
  console.log(text)
}
