/**
 * `npm run bench`: how fast the engine is, as ratios to anchors that run in turn with it on the same tickets.
 *
 *   --quick            smaller pools, fewer rounds: about a minute
 *   --section engine   rows E1 to E9 only; `api`: rows A1 to A3 only
 *   --strict           exit 1 when a row is below base. Without it a row below base is only printed as FAIL
 *
 * Prints one JSON line per row as it is found, and a table at the end. Compare ratios, and only those across machines.
 */
import os from 'node:os'
import { parseArgs } from 'node:util'
import { apiSection } from './api-section.ts'
import { engineSection } from './engine-section.ts'
import { judged, type Row, table } from './rows.ts'

const SECTIONS = { engine: engineSection, api: apiSection }

const { quick, section, strict } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    section: { type: 'string' },
    strict: { type: 'boolean', default: false },
  },
}).values
if (section !== undefined && !Object.hasOwn(SECTIONS, section)) {
  console.error(`--section is one of ${Object.keys(SECTIONS).join(', ')}, not ${section}.`)
  process.exit(2)
}

console.log(JSON.stringify({ machine: machine(), quick }))
const rows: Row[] = []
for (const [name, run] of Object.entries(SECTIONS)) {
  if (section !== undefined && section !== name) continue
  await run({
    quick,
    report(finding) {
      const row = judged(finding)
      rows.push(row)
      console.log(JSON.stringify(row))
    },
  })
}

const failed = rows.filter(({ verdict }) => verdict === 'FAIL').length
console.log(`\n${table(rows)}\n`)
console.log(`${rows.length - failed} of ${rows.length} rows at base or better. Every match was verified.`)
console.log(
  `Load average at the end ${os
    .loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')} on ${os.cpus().length} cores.`,
)
if (rows.some(({ verdict }) => verdict === 'pass here')) {
  console.log('"pass here": base was reached on a smaller pool than the goal speaks of, which does not prove the goal.')
}
if (failed > 0 && !strict) console.log('Rows below base do not fail the command yet; --strict makes them.')
process.exit(failed > 0 && strict ? 1 : 0)

function machine() {
  const [cpu] = os.cpus()
  return { cores: os.cpus().length, cpu: cpu?.model, node: process.version, loadAverage: os.loadavg() }
}
