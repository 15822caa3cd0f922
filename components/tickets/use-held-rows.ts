'use client'

import { useQueries } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { queries } from '#components/live/queries.ts'
import type { TicketRow } from '#lib/tickets/views.ts'
import { shownRows } from './shown-rows.ts'

/**
 * The rows to draw of the list `listKey` (null while `latest` still shows another). `hold(true)` while somebody reads keeps every row in its place; rows that have left the list
 * meanwhile are followed one by one, so that even they show the truth.
 */
export function useHeldRows(environment: string, latest: readonly TicketRow[], listKey: string | null) {
  const [reading, setReading] = useState(false)
  const [held, setHeld] = useState<{ key: string; rows: readonly TicketRow[] } | null>(null)

  // Without a pointer that hovers nothing tells when somebody is about to touch a row: rows always keep their places.
  const [touch, setTouch] = useState(false)
  useEffect(() => setTouch(matchMedia('(hover: none)').matches), [])

  const keeping = (reading || touch) && listKey !== null
  const heldRows = keeping && held?.key === listKey ? held.rows : null
  const shown = shownRows(heldRows, latest)
  // Adjusted while rendering: the first render that keeps rows keeps those it shows.
  if (keeping && heldRows === null && latest.length > 0) setHeld({ key: listKey, rows: latest })
  if (!keeping && held !== null) setHeld(null)

  const followed = useQueries({
    queries: shown.missing.map((ticketId) => queries.ticket(environment, ticketId)),
  })
  const followedById = new Map(followed.flatMap(({ data }) => (data ? [[data.ticketId, data as TicketRow]] : [])))
  const missing = new Set(shown.missing)

  return {
    rows: shown.rows.map((row) => ({
      ticket: followedById.get(row.ticketId) ?? row,
      left: missing.has(row.ticketId),
    })),
    waiting: shown.waiting,
    hold: setReading,
    showLatest: useCallback(() => setHeld(null), []),
  }
}
