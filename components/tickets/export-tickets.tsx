'use client'

import { Download } from 'lucide-react'
import { useState } from 'react'
import { useDesk } from '#components/frame/desk.tsx'
import { Button } from '#components/ui/button.tsx'
import { late } from '#components/ui/late.tsx'
import type { TicketFilter } from '#lib/tickets/views.ts'

const ExportDialog = late(() => import('./export-dialog.tsx').then((module) => module.ExportDialog))

export function ExportTickets({ filter }: { filter: TicketFilter }) {
  const { whyNot } = useDesk()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button disabledReason={whyNot['export.masked']} onClick={() => setOpen(true)}>
        <Download className="size-4" aria-hidden />
        Export
      </Button>
      <ExportDialog when={open} open={open} onClose={() => setOpen(false)} filter={filter} />
    </>
  )
}
