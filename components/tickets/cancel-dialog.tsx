'use client'

import { useDesk } from '#components/frame/desk.tsx'
import { GroundedDialog } from '#components/frame/grounded-dialog.tsx'
import type { Grounds } from '#components/frame/grounds-fields.tsx'
import { useAction } from '#components/live/use-action.ts'
import { useQueryClient } from '#components/live/use-query.tsx'
import { IdText } from '#components/ui/id-text.tsx'
import { cancelTicket } from '#lib/tickets/actions.ts'
import type { TicketRow } from '#lib/tickets/views.ts'
import { ActionProblem } from './action-problem.tsx'
import { whoStopsSearching, whyNotCancel } from './cancel-words.ts'

interface CancelDialogProps {
  open: boolean
  onClose: () => void
  ticket: TicketRow
}

export function CancelDialog({ open, onClose, ticket }: CancelDialogProps) {
  const { environment } = useDesk()
  const client = useQueryClient()
  const { run, pending, error, reset } = useAction<
    { environment: string; ticketId: string } & Grounds,
    { ticketId: string }
  >(cancelTicket, () => {
    onClose()
    return client.invalidateQueries()
  })
  const overtaken = whyNotCancel(ticket)
  const automatic = ticket.kind === 'auto-backfill'
  return (
    <GroundedDialog
      action="ticket.cancel"
      open={open}
      onClose={() => {
        onClose()
        reset()
      }}
      title={
        <>
          Cancel ticket <IdText id={ticket.ticketId} room="medium" />
        </>
      }
      confirm={overtaken === null || pending ? 'Cancel ticket' : null}
      dismiss={overtaken === null || pending ? 'Keep ticket' : 'Close'}
      pending={pending}
      failure={error && <ActionProblem error={error} />}
      onConfirm={(grounds) => run({ environment: environment.name, ticketId: ticket.ticketId, ...grounds })}
    >
      {overtaken !== null && !pending ? (
        <p role="status" className="break-words">
          {overtaken}
        </p>
      ) : (
        <>
          <p>
            {ticket.kind === 'new'
              ? whoStopsSearching(ticket.playerCount)
              : 'No more players are added to its game session by it.'}
            {ticket.status === 'REQUIRES_ACCEPTANCE' &&
              ' The proposed match is dropped; the other tickets of it search again.'}
            {automatic && ' Automatic backfill is turned off for its game session.'}
          </p>
          <p>This cannot be undone. To search again takes a new ticket.</p>
        </>
      )}
    </GroundedDialog>
  )
}
