'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useDesk } from '#components/frame/desk.tsx'
import { EnvironmentTag } from '#components/frame/environment-tag.tsx'
import { useAction } from '#components/live/use-action.ts'
import { Button } from '#components/ui/button.tsx'
import { ConfirmDialog } from '#components/ui/dialog.tsx'
import { IdText } from '#components/ui/id-text.tsx'
import { cancelTicket } from '#lib/tickets/actions.ts'
import type { TicketRow } from '#lib/tickets/views.ts'
import { ActionProblem } from './action-problem.tsx'
import { STATUS_WORDS } from './status-words.ts'

/** Why this ticket, in this state, cannot be cancelled; null when it can. */
function unable({ status, requested, ticketId }: TicketRow): string | null {
  if (requested?.action === 'cancel') return 'Its cancelling is requested already.'
  if (status === 'PLACING')
    return `Too late to cancel: ${ticketId} is being placed in a game session. You can remove its players once the session is up.`
  if (status === 'GONE') return 'GameLift no longer knows this ticket.'
  if (status === 'QUEUED' || status === 'SEARCHING' || status === 'REQUIRES_ACCEPTANCE') return null
  return `The ticket has ended: it is ${STATUS_WORDS[status].toLowerCase()}.`
}

export function CancelTicket({ ticket }: { ticket: TicketRow }) {
  const { environment, whyNot } = useDesk()
  const client = useQueryClient()
  const [open, setOpen] = useState(false)
  const { run, pending, error, reset } = useAction<{ environment: string; ticketId: string }, { ticketId: string }>(
    cancelTicket,
    () => {
      setOpen(false)
      return client.invalidateQueries()
    },
  )
  const close = () => {
    setOpen(false)
    reset()
  }
  const automatic = ticket.kind === 'auto-backfill'
  return (
    <>
      <Button
        look="danger-quiet"
        pending={ticket.requested?.action === 'cancel'}
        disabledReason={ticket.requested?.action === 'cancel' ? null : (whyNot['ticket.cancel'] ?? unable(ticket))}
        onClick={() => setOpen(true)}
      >
        {ticket.requested?.action === 'cancel' ? 'Cancel requested …' : 'Cancel ticket'}
      </Button>
      <ConfirmDialog
        open={open}
        onClose={close}
        title={
          <>
            Cancel ticket <IdText id={ticket.ticketId} room="medium" />
          </>
        }
        badge={<EnvironmentTag environment={environment} />}
        confirm="Cancel ticket"
        dismiss="Keep ticket"
        pending={pending}
        failure={error && <ActionProblem error={error} />}
        onConfirm={() => run({ environment: environment.name, ticketId: ticket.ticketId })}
      >
        <p>
          {ticket.kind === 'new'
            ? `${ticket.playerCount === 1 ? 'Its player stops' : `All ${ticket.playerCount} players of it stop`} searching.`
            : 'No more players are added to its game session by it.'}
          {ticket.status === 'REQUIRES_ACCEPTANCE' &&
            ' The proposed match is dropped; the other tickets of it search again.'}
          {automatic && ' Automatic backfill is turned off for its game session.'}
        </p>
        <p>This cannot be undone. To search again takes a new ticket.</p>
      </ConfirmDialog>
    </>
  )
}
