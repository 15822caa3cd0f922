'use client'

import { RefreshCw } from 'lucide-react'
import { useDesk } from '#components/frame/desk.tsx'
import { useAction } from '#components/live/use-action.ts'
import { useQueryClient } from '#components/live/use-query.tsx'
import { Button } from '#components/ui/button.tsx'
import { Ago } from '#components/ui/time.tsx'
import { refreshTicket } from '#lib/tickets/actions.ts'
import type { TicketRow } from '#lib/tickets/views.ts'
import { ActionProblem } from './action-problem.tsx'
import { FreshnessMark } from './marks.tsx'

/** Where what is shown comes from, how old that is, and a way to ask GameLift now. */
export function FreshnessLine({ ticket }: { ticket: TicketRow }) {
  const { environment, whyNot } = useDesk()
  const client = useQueryClient()
  const { run, pending, error } = useAction<{ environment: string; ticketId: string }, unknown>(refreshTicket, () =>
    client.invalidateQueries(),
  )
  const { freshness } = ticket
  return (
    <>
      <span className="flex items-center gap-2">
        <FreshnessMark freshness={freshness} />
        <span>
          {freshness.presumed ? (
            'nothing has stated it yet'
          ) : (
            <>
              {freshness.source === 'event' ? 'confirmed by an event' : 'confirmed by asking GameLift'}{' '}
              <Ago at={freshness.confirmedAt} />
            </>
          )}
        </span>
        <Button
          look="ghost"
          size="small-icon"
          aria-label="Ask GameLift about this ticket now"
          title={pending ? 'Asking GameLift …' : 'Ask GameLift now'}
          pending={pending}
          disabledReason={whyNot['ticket.refresh']}
          onClick={() => run({ environment: environment.name, ticketId: ticket.ticketId })}
        >
          <RefreshCw className="size-3.5" aria-hidden />
        </Button>
      </span>
      {error && (
        <div className="basis-full">
          <ActionProblem error={error} />
        </div>
      )}
    </>
  )
}
