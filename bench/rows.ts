/** What a bench found, one row per goal, and how it is printed. */

export interface Finding {
  id: string
  /** Workload and size. */
  what: string
  cpuMs: number
  /** Tickets, or requests, per CPU second; null where that says nothing. */
  perCpuSecond: number | null
  /** The figure the goal is about, in `unit`. */
  value: number
  unit: string
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
  const reaches = (goal: number) => (finding.better === 'higher' ? finding.value >= goal : finding.value <= goal)
  if (finding.cut) return { ...finding, verdict: 'FAIL' }
  if (finding.smaller && reaches(finding.base)) return { ...finding, verdict: 'pass here' }
  return { ...finding, verdict: reaches(finding.moon) ? 'moon' : reaches(finding.base) ? 'pass' : 'FAIL' }
}

export function table(rows: readonly Row[]): string {
  const head = ['row', 'what', 'CPU ms', 'per CPU s', 'reached', 'against', 'base', 'moon', '', 'note']
  const cells = rows.map((row) => {
    const bound = row.better === 'higher' ? '>=' : '<='
    return [
      row.id,
      row.what,
      figure(row.cpuMs),
      row.perCpuSecond === null ? '' : figure(row.perCpuSecond),
      `${figure(row.value)} ${row.unit}`,
      row.anchor,
      `${bound} ${figure(row.base)}`,
      `${bound} ${figure(row.moon)}`,
      row.verdict,
      [row.cut ? 'cut: not drained within the time allowed' : '', row.note ?? ''].filter(Boolean).join('; '),
    ]
  })
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n')
}

/** Three digits that count, thousands separated. */
export function figure(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 4 })
}
