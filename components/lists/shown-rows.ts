/**
 * Which rows a live table shows. While somebody reads (pointer or focus in the table) rows keep their places: those on
 * screen are updated where they stand, new ones wait to be asked for. Otherwise the table is what was last read.
 */
export interface ShownRows<Row> {
  rows: Row[]
  /** Ids on screen that the last read no longer lists: they moved to another page or left the filter. */
  missing: string[]
  /** How many rows of the last read are not on screen. */
  waiting: number
}

export function shownRows<Row>(
  held: readonly Row[] | null,
  latest: readonly Row[],
  idOf: (row: Row) => string,
): ShownRows<Row> {
  if (held === null) return { rows: [...latest], missing: [], waiting: 0 }
  const byId = new Map(latest.map((row) => [idOf(row), row]))
  const missing: string[] = []
  const rows = held.map((row) => {
    const id = idOf(row)
    const fresh = byId.get(id)
    if (!fresh) missing.push(id)
    byId.delete(id)
    return fresh ?? row
  })
  return { rows, missing, waiting: byId.size }
}
