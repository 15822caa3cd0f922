/** What a bench found, one row per goal and workload, how it is judged and how it is printed. */

export interface Finding {
  /** The goal, such as E1. */
  id: string
  /** Workload and size. */
  what: string
  /** null: nothing was measured. */
  cpuMs: number | null
  /** Tickets, or requests, per CPU second; null where that says nothing. */
  perCpuSecond: number | null
  /** The figure the goal is about, in `unit`; null when nothing was measured. */
  value: number | null
  unit: string
  /** What `value` is a ratio to. */
  anchor: string
  base: number
  moon: number
  better: 'higher' | 'lower'
  note?: string
  /** Something was not finished within the time allowed: what was measured proves nothing, so it cannot pass. */
  cut?: boolean
  /** The pool is smaller than the goal speaks of: it can be missed here, and not be claimed. */
  smaller?: boolean
}
export type Verdict = 'moon' | 'pass' | 'pass here' | 'FAIL'
export type Row = Finding & { verdict: Verdict }

export function judged(finding: Finding): Row {
  const { value, better, base, moon, cut, smaller } = finding
  const reaches = (goal: number) =>
    value !== null && Number.isFinite(value) && (better === 'higher' ? value >= goal : value <= goal)
  if (cut || !reaches(base)) return { ...finding, verdict: 'FAIL' }
  if (smaller) return { ...finding, verdict: 'pass here' }
  return { ...finding, verdict: reaches(moon) ? 'moon' : 'pass' }
}

/** 1 when a row is below base, unless that was only to be reported. */
export function exitCode(rows: readonly Row[], reportOnly: boolean): number {
  return rows.some(({ verdict }) => verdict === 'FAIL') && !reportOnly ? 1 : 0
}

const HEAD = ['row', 'what', 'CPU ms', 'per CPU s', 'reached', 'against', 'base', 'moon', 'result', 'note']
/** Room for most of what is printed before the widest cell of each column is known. */
const WIDTHS = [3, 30, 8, 10, 26, 22, 10, 10, 9, 0]

/** One line, as soon as the row is found. */
export function line(row: Row): string {
  return padded(cells(row), WIDTHS)
}

export function heading(): string {
  return padded(HEAD, WIDTHS)
}

export function table(rows: readonly Row[]): string {
  const all = rows.map(cells)
  const widths = HEAD.map((title, column) => Math.max(title.length, ...all.map((row) => row[column]?.length ?? 0)))
  widths[widths.length - 1] = 4
  const rule = widths.map((width) => '-'.repeat(width))
  return [HEAD, rule, ...all].map((row) => padded(row, widths)).join('\n')
}

function cells(row: Row): string[] {
  const bound = row.better === 'higher' ? '>=' : '<='
  const orNothing = (value: number | null) => (value === null ? '' : figure(value))
  return [
    row.id,
    row.what,
    orNothing(row.cpuMs),
    orNothing(row.perCpuSecond),
    row.value === null ? 'nothing' : `${figure(row.value)} ${row.unit}`,
    row.anchor,
    `${bound} ${figure(row.base)}`,
    `${bound} ${figure(row.moon)}`,
    row.verdict,
    [row.cut ? 'cut: not done within the time allowed' : '', row.note ?? ''].filter(Boolean).join('; '),
  ]
}

function padded(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join('  ')
    .trimEnd()
}

/** Three digits that count, thousands separated. */
export function figure(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 4 })
}
