'use client'

import { useState } from 'react'
import { useDesk, useHref } from '#components/frame/desk.tsx'
import { ActionProblem } from '#components/tickets/action-problem.tsx'
import { Button } from '#components/ui/button.tsx'
import { formatCount } from '#components/ui/format-time.ts'
import { Link } from '#components/ui/link.tsx'
import type { BulkFilter } from '#lib/bulk/views.ts'
import type { ActionError } from '#lib/flexmatch/result.ts'
import { OPEN_STATUSES } from '#lib/flexmatch/status.ts'
import type { TicketFilter } from '#lib/tickets/views.ts'
import { BulkButton } from './bulk-button.tsx'
import { MOST_SELECTED, useSelection } from './selection.tsx'

/** Over the list: what can be done to the tickets that are selected, or to all that the list means. */
export function BulkBar({ filter, listed }: { filter: TicketFilter; listed: readonly string[] }) {
  const { whyNot } = useDesk()
  const href = useHref()
  const { ids, clear } = useSelection()
  const [refusal, setRefusal] = useState<ActionError | null>(null)
  const chosen = [...ids]
  const elsewhere = chosen.filter((id) => !listed.includes(id)).length
  const isOpenList = filter.tab === 'open' || filter.tab === 'all' || OPEN_STATUSES.some((one) => one === filter.tab)
  const shared = { onRefused: setRefusal, onBegun: clear }
  return (
    <div className="flex flex-col gap-2 border-b px-3 py-1.5">
      <div className="flex min-h-6 flex-wrap items-center gap-2">
        <span className="mr-auto text-xs text-muted max-sm:basis-full" role="status">
          {chosen.length === 0
            ? 'None selected'
            : `${formatCount(chosen.length)} selected${elsewhere > 0 ? `, ${formatCount(elsewhere)} not on this page` : ''}${chosen.length === MOST_SELECTED ? ', no run takes more' : ''}`}
        </span>
        {chosen.length > 0 ? (
          <>
            <Button size="small" look="ghost" onClick={clear}>
              Clear<span className="max-sm:sr-only"> selection</span>
            </Button>
            <BulkButton
              action="accept"
              selection={{ ticketIds: chosen }}
              disabledReason={whyNot['match.answer-many']}
              {...shared}
            >
              Accept …
            </BulkButton>
            <BulkButton
              action="reject"
              selection={{ ticketIds: chosen }}
              disabledReason={whyNot['match.answer-many']}
              {...shared}
            >
              Reject …
            </BulkButton>
            <BulkButton
              action="cancel"
              look="danger-quiet"
              selection={{ ticketIds: chosen }}
              disabledReason={whyNot['ticket.cancel-many']}
              {...shared}
            >
              Cancel {formatCount(chosen.length)} …
            </BulkButton>
          </>
        ) : (
          <>
            <Link href={href('/bulk')} prefetch={false} className="text-xs text-muted hover:text-text hover:underline">
              Bulk runs
            </Link>
            {filter.tab === 'REQUIRES_ACCEPTANCE' && (
              <>
                <BulkButton
                  action="accept"
                  selection={{ filter: chosenBy(filter) }}
                  disabledReason={whyNot['match.answer-many']}
                  {...shared}
                >
                  Accept all listed …
                </BulkButton>
                <BulkButton
                  action="reject"
                  selection={{ filter: chosenBy(filter) }}
                  disabledReason={whyNot['match.answer-many']}
                  {...shared}
                >
                  Reject all listed …
                </BulkButton>
              </>
            )}
            {isOpenList && (
              <BulkButton
                action="cancel"
                look="danger-quiet"
                selection={{ filter: chosenBy(filter) }}
                disabledReason={whyNot['ticket.cancel-many']}
                {...shared}
              >
                Cancel all listed …
              </BulkButton>
            )}
          </>
        )}
      </div>
      {refusal && <ActionProblem error={refusal} />}
    </div>
  )
}

/** A place in the list chooses nothing: all of its pages are meant. */
function chosenBy({ cursor: _, ...filter }: TicketFilter): BulkFilter {
  return filter
}
