'use client'

import { useState } from 'react'
import { useZone } from '#components/ui/clock.tsx'
import { formatClock, formatCount, formatDuration } from '#components/ui/format-time.ts'
import { TABLE, TD, TH, TR } from '#components/ui/table.ts'
import type { RatesView } from '#lib/tickets/views.ts'
import { countsOf, ENDINGS, meanWaits } from './rates.ts'

/** The figures of the charts, newest first, for whoever reads rather than looks. */
export function RatesTable({ view }: { view: RatesView }) {
  const [open, setOpen] = useState(false)
  return (
    <details className="mt-3 text-sm" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="inline-block min-h-6 text-xs text-muted hover:text-text">Show the figures as a table</summary>
      {open && <Rows view={view} />}
    </details>
  )
}

function Rows({ view }: { view: RatesView }) {
  const { zone } = useZone()
  const from = Date.parse(view.from)
  const waits = meanWaits(view)
  const minutes = view.bucketMs / 60_000
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="mt-2 max-h-80 overflow-auto rounded-md border" aria-label="Figures of the charts" tabIndex={0}>
      <table className={TABLE}>
        <caption className="sr-only">
          Tickets by how they ended, {minutes === 1 ? 'each minute' : `every ${minutes} minutes`}, newest first
        </caption>
        <thead>
          <tr>
            <th scope="col" className={TH}>
              From
            </th>
            {ENDINGS.map(({ measure, name }) => (
              <th key={measure} scope="col" className={`${TH} text-right`}>
                {name}
              </th>
            ))}
            <th scope="col" className={`${TH} text-right`}>
              Mean wait
            </th>
          </tr>
        </thead>
        <tbody>
          {waits
            .map((wait, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a bucket is its place
              <tr key={index} className={TR}>
                <th scope="row" className={`${TD} text-left font-normal`}>
                  {formatClock(from + index * view.bucketMs, zone).slice(0, 5)}
                </th>
                {ENDINGS.map(({ measure }) => (
                  <td key={measure} className={`${TD} text-right`}>
                    {formatCount(countsOf(view, measure)[index] ?? 0)}
                  </td>
                ))}
                <td className={`${TD} text-right`}>{wait === null ? '–' : formatDuration(wait)}</td>
              </tr>
            ))
            .reverse()}
        </tbody>
      </table>
    </section>
  )
}
