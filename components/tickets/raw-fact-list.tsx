'use client'

import { ChevronRight } from 'lucide-react'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Moment } from '#components/ui/time.tsx'
import type { RawFactView } from '#lib/tickets/views.ts'

const SOURCES: Record<RawFactView['source'], string> = {
  event: 'event',
  describe: 'answer of DescribeMatchmaking',
  gone: 'no answer from DescribeMatchmaking',
  overdue: 'its request timeout, and a minute',
}

/** Everything the view is made from, word for word. */
export function RawFactList({ facts }: { facts: readonly RawFactView[] }) {
  return (
    <ul>
      {facts.map((fact) => (
        <li key={fact.id} className="border-t first:border-t-0">
          <details className="group">
            <summary className="flex min-h-8 list-none flex-wrap items-center gap-x-3 px-4 py-1 text-sm hover:bg-hover [&::-webkit-details-marker]:hidden">
              <ChevronRight className="size-3.5 text-muted transition-transform group-open:rotate-90" aria-hidden />
              <Moment at={fact.at} precise className="text-xs text-muted" />
              <span className="font-mono text-xs">{fact.type}</span>
              <span className="ml-auto text-xs text-muted">
                {SOURCES[fact.source]}, received <Moment at={fact.receivedAt} precise />
              </span>
            </summary>
            <CodeBlock code={fact.body} label={`${fact.type} as JSON`} className="mx-4 mb-3" />
          </details>
        </li>
      ))}
    </ul>
  )
}
