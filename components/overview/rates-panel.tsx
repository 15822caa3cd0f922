'use client'

import { clsx } from 'clsx'
import { type ReactNode, useState } from 'react'
import { Plot } from '#components/charts/plot.tsx'
import { formatFigure, linePath, roundUp } from '#components/charts/scale.ts'
import { StackedBars } from '#components/charts/stacked-bars.tsx'
import { useDesk } from '#components/frame/desk.tsx'
import { Loaded } from '#components/live/loaded.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { useZone } from '#components/ui/clock.tsx'
import { formatClock, formatCount, formatDuration } from '#components/ui/format-time.ts'
import { Panel } from '#components/ui/panel.tsx'
import type { RatesView } from '#lib/tickets/views.ts'
import { ENDINGS, meanWaits, perMinute, RATES_EVERY_MS, ratesSentence, totalOf } from './rates.ts'
import { RatesTable } from './rates-table.tsx'

const WINDOWS = [
  { window: '1h', text: 'Last hour' },
  { window: '24h', text: 'Last 24 hours' },
] as const
const CONTROL = 'inline-flex h-6 items-center rounded px-2 text-xs'

/** How matching goes: how many tickets end which way, and how long those that are matched have waited. */
export function RatesPanel({ configurations }: { configurations: readonly string[] }) {
  const { environment } = useDesk()
  const [window, setWindow] = useState<RatesView['window']>('1h')
  const [chosen, setChosen] = useState<string | null>(null)
  // One that has gone meanwhile is no choice any more.
  const configuration = chosen !== null && configurations.includes(chosen) ? chosen : null
  const query = useQuery({
    ...queries.rates(environment.name, window, configuration),
    refetchInterval: RATES_EVERY_MS[window],
  })
  return (
    <Panel
      title="Matching"
      aside={
        <div className="flex flex-wrap justify-end gap-x-2 gap-y-1">
          {configurations.length > 1 && (
            <select
              aria-label="Configuration of the charts"
              className="h-6 max-w-40 rounded border border-line-strong bg-panel px-1 text-xs text-text"
              value={configuration ?? ''}
              onChange={(event) => setChosen(event.target.value || null)}
            >
              <option value="">All configurations</option>
              {configurations.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          )}
          <fieldset aria-label="Time of the charts" className="flex gap-0.5">
            {WINDOWS.map((each) => (
              <button
                key={each.window}
                type="button"
                aria-pressed={each.window === window}
                onClick={() => setWindow(each.window)}
                className={clsx(CONTROL, each.window === window ? 'bg-active font-medium text-text' : 'hover:bg-hover')}
              >
                {each.text}
              </button>
            ))}
          </fieldset>
        </div>
      }
    >
      <div className="min-h-[21.5rem] lg:min-h-[11.75rem]">
        <Loaded query={query} what="the charts" skeleton={<span className="skeleton block h-48 w-full" />}>
          {(view) => <Charts view={view} />}
        </Loaded>
      </div>
    </Panel>
  )
}

function Charts({ view }: { view: RatesView }) {
  const { zone } = useZone()
  const from = Date.parse(view.from)
  const clockAt = (place: number) => formatClock(from + place * view.bucketMs, zone).slice(0, 5)
  const series = ENDINGS.map(({ measure, name, colour }) => ({ name, colour, values: perMinute(view, measure) }))
  const places = series[0]?.values.length ?? 0
  const ends = [clockAt(0), clockAt(Math.floor(places / 2)), clockAt(places - 1)] as const
  const heights = Array.from({ length: places }, (_, place) =>
    series.reduce((sum, { values }) => sum + (values[place] ?? 0), 0),
  )
  const most = roundUp(Math.max(...heights))
  const waits = meanWaits(view)
  const longest = roundUp(Math.max(0, ...waits.map((wait) => (wait ?? 0) / 1000)))
  const matched = totalOf(view, 'COMPLETED')
  const sentence = ratesSentence(view)
  const nothing = Math.max(...heights) > 0 ? null : sentence
  return (
    <>
      <p className="sr-only">{sentence}</p>
      <div className="grid gap-x-8 gap-y-4 lg:grid-cols-2">
        <Chart
          title="Tickets ended per minute"
          legend={ENDINGS.map(({ measure, name, colour }) => (
            <span key={measure} className="inline-flex items-center gap-1 whitespace-nowrap">
              <span className={clsx('size-2 rounded-xs bg-current', colour)} aria-hidden />
              {name} <span className="text-text">{formatCount(totalOf(view, measure))}</span>
            </span>
          ))}
        >
          <Plot
            places={places}
            most={most}
            unit="/min"
            ends={ends}
            nothing={nothing}
            told={(place) =>
              `${clockAt(place)}: ${series.map(({ name, values }) => `${formatFigure(values[place] ?? 0)} ${name.toLowerCase()}`).join(', ')} per minute`
            }
          >
            <StackedBars series={series} most={most} />
          </Plot>
        </Chart>
        <Chart
          title="Mean wait until matched"
          legend={
            matched === 0 ? (
              'none was matched'
            ) : (
              <span className="text-text">{formatDuration(totalOf(view, 'waitMs') / matched)}</span>
            )
          }
        >
          <Plot
            places={places}
            most={longest}
            unit="s"
            ends={ends}
            nothing={matched === 0 ? 'No ticket was matched in this time.' : null}
            told={(place) => {
              const wait = waits[place] ?? null
              return `${clockAt(place)}: ${wait === null ? 'none was matched' : formatDuration(wait)}`
            }}
          >
            <path
              d={linePath(
                waits.map((wait) => (wait === null ? null : wait / 1000)),
                longest,
              )}
              className="text-accent"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.75"
              strokeLinejoin="round"
              strokeLinecap="round"
              vectorEffect="non-scaling-stroke"
            />
          </Plot>
        </Chart>
      </div>
      <RatesTable view={view} />
    </>
  )
}

function Chart({ title, legend, children }: { title: string; legend: ReactNode; children: ReactNode }) {
  return (
    <figure className="min-w-0">
      <figcaption className="mb-3 flex flex-wrap items-baseline gap-x-3 gap-y-1 text-xs text-muted">
        <span className="font-medium text-text">{title}</span>
        {legend}
      </figcaption>
      {children}
    </figure>
  )
}
