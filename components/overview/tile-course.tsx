'use client'

import { Sparkline } from '#components/charts/sparkline.tsx'
import { useDesk } from '#components/frame/desk.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import type { TicketTab } from '#lib/tickets/views.ts'
import { countsOf, openCourse, RATES_EVERY_MS } from './rates.ts'

interface TileCourseProps {
  tab: TicketTab
  /** How many are in it now. */
  count: number
  colour: string
}

/** The last hour of a tile: how many were open, or ended so, in each minute. The table of the charts has the figures. */
export function TileCourse({ tab, count, colour }: TileCourseProps) {
  const { environment } = useDesk()
  const { data } = useQuery({ ...queries.rates(environment.name, '1h', null), refetchInterval: RATES_EVERY_MS['1h'] })
  if (data === undefined) return null
  // The minute that is going on would always look like a fall.
  const values = tab === 'open' ? openCourse(data, count) : countsOf(data, tab).slice(0, -1)
  return values.some((value) => value > 0) ? <Sparkline values={values} colour={colour} /> : null
}
