'use client'

import { useState } from 'react'
import { useDesk } from '#components/frame/desk.tsx'
import { Button } from '#components/ui/button.tsx'
import { late } from '#components/ui/late.tsx'
import type { TicketRow } from '#lib/tickets/views.ts'
import { whyNotCancel } from './cancel-words.ts'

const CancelDialog = late(() => import('./cancel-dialog.tsx').then((module) => module.CancelDialog))

export function CancelTicket({ ticket }: { ticket: TicketRow }) {
  const { whyNot } = useDesk()
  const [open, setOpen] = useState(false)
  const requested = ticket.requested?.action === 'cancel'
  return (
    <>
      <Button
        look="danger-quiet"
        pending={requested}
        disabledReason={requested ? null : (whyNot['ticket.cancel'] ?? whyNotCancel(ticket))}
        onClick={() => setOpen(true)}
      >
        {requested ? 'Cancel requested …' : 'Cancel ticket'}
      </Button>
      <CancelDialog when={open} open={open} onClose={() => setOpen(false)} ticket={ticket} />
    </>
  )
}
