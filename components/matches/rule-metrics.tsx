import { clsx } from 'clsx'
import { formatCount } from '#components/ui/format-time.ts'
import { TABLE, TABLE_SCROLL, TD, TH, TR } from '#components/ui/table.ts'
import type { MatchView } from '#lib/tickets/views.ts'

/** How often each rule let a candidate through while this match was formed. */
export function RuleMetrics({ metrics }: { metrics: MatchView['ruleEvaluationMetrics'] }) {
  return (
    <div className={TABLE_SCROLL}>
      <table className={TABLE}>
        <caption className="sr-only">Rules, how often each passed and failed</caption>
        <thead>
          <tr>
            <th scope="col" className={TH}>
              Rule
            </th>
            <th scope="col" className={clsx(TH, 'text-right')}>
              Passed
            </th>
            <th scope="col" className={clsx(TH, 'text-right')}>
              Failed
            </th>
          </tr>
        </thead>
        <tbody>
          {metrics.map(({ ruleName, passedCount, failedCount }) => (
            <tr key={ruleName} className={TR}>
              <td className={clsx(TD, 'max-w-64 truncate')} title={ruleName}>
                {ruleName}
              </td>
              <td className={clsx(TD, 'text-right')}>{formatCount(passedCount)}</td>
              <td className={clsx(TD, 'text-right', failedCount > passedCount && 'text-warning')}>
                {formatCount(failedCount)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
