'use client'

import { useCallback, useEffect, useState } from 'react'
import { shownRows } from './shown-rows.ts'

/**
 * The rows to draw of the list `listKey` (null while `latest` still shows another). `hold(true)` while somebody reads
 * keeps every row in its place.
 */
export function useHeldRows<Row>(latest: readonly Row[], idOf: (row: Row) => string, listKey: string | null) {
  const [reading, setReading] = useState(false)
  const [held, setHeld] = useState<{ key: string; rows: readonly Row[] } | null>(null)

  // Without a pointer that hovers nothing tells when somebody is about to touch a row: rows always keep their places.
  const [touch, setTouch] = useState(false)
  useEffect(() => setTouch(matchMedia('(hover: none)').matches), [])

  const keeping = (reading || touch) && listKey !== null
  const heldRows = keeping && held?.key === listKey ? held.rows : null
  // Adjusted while rendering: the first render that keeps rows keeps those it shows.
  if (keeping && heldRows === null && latest.length > 0) setHeld({ key: listKey, rows: latest })
  if (!keeping && held !== null) setHeld(null)

  return { ...shownRows(heldRows, latest, idOf), hold: setReading, showLatest: useCallback(() => setHeld(null), []) }
}
