'use client'

import { late } from '#components/ui/late.tsx'
import type { RawFactView } from '#lib/tickets/views.ts'

const RawFactList = late(() => import('./raw-fact-list.tsx').then((module) => module.RawFactList))
const ROW_PX = 33

/** Everything the view is made from, word for word: it comes when the page stands, in a place as high as its rows. */
export function RawFacts({ facts }: { facts: readonly RawFactView[] }) {
  if (facts.length === 0) return <p className="p-4 text-sm text-muted">Nothing has been recorded yet.</p>
  return (
    <div style={{ minHeight: facts.length * ROW_PX - 1 }}>
      <RawFactList when facts={facts} />
    </div>
  )
}
