import { clsx } from 'clsx'
import { formatCount } from '#components/ui/format-time.ts'
import type { BulkAction, BulkCounts, BulkResult } from '#lib/bulk/views.ts'
import { RESULT_LINES, resultWords, settledOf } from './bulk-words.ts'

const BARS: Partial<Record<BulkResult, string>> = {
  done: 'bg-good',
  'too-late': 'bg-attention',
  gone: 'bg-faint',
  'already-finished': 'bg-muted',
  failed: 'bg-bad',
  unknown: 'bg-warning',
  asking: 'bg-motion',
}
/** What counts first, what is to come last. */
const ORDER = [
  'done',
  'too-late',
  'already-finished',
  'gone',
  'failed',
  'unknown',
  'asking',
  'waiting',
] as const satisfies readonly BulkResult[]

interface ProgressProps {
  action: BulkAction
  counts: BulkCounts
  total: number
  /** Beside the bar, the number of each result. */
  legend?: boolean
}

/** How far a run is, and what came of it: the numbers say what the colours say. */
export function Progress({ action, counts, total, legend = false }: ProgressProps) {
  const settled = settledOf(counts)
  return (
    <div className="flex flex-col gap-3">
      <div
        role="progressbar"
        aria-label="Tickets with a result"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={settled}
        aria-valuetext={`${formatCount(settled)} of ${formatCount(total)}`}
        className="flex h-2 w-full overflow-hidden rounded-full bg-sunken"
      >
        {ORDER.map((result) => (
          <span
            key={result}
            className={clsx(BARS[result] ?? 'bg-transparent')}
            style={{ width: `${(100 * counts[result]) / total}%` }}
          />
        ))}
      </div>
      {legend && (
        <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
          {ORDER.filter((result) => counts[result] > 0 || result === 'done' || result === 'failed').map((result) => (
            <li key={result} title={RESULT_LINES[result]} className="flex items-center gap-1.5 whitespace-nowrap">
              <span
                className={clsx('size-2 rounded-full', BARS[result] ?? 'border border-line-strong bg-transparent')}
                aria-hidden
              />
              <span className="text-muted">{resultWords(action, result)}</span>
              <span className="font-medium tabular-nums">{formatCount(counts[result])}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
