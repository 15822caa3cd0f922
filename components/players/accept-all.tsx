'use client'

import { Check } from 'lucide-react'
import { useState } from 'react'
import { useDesk } from '#components/frame/desk.tsx'
import { Button } from '#components/ui/button.tsx'
import { late } from '#components/ui/late.tsx'
import type { PlayerView } from '#lib/tickets/views.ts'
import { missingAnswers } from './missing-answers.ts'

const AcceptAllDialog = late(() => import('./accept-all-dialog.tsx').then((module) => module.AcceptAllDialog))

interface AcceptAllProps {
  players: readonly PlayerView[]
  /** Whether answers are being waited for at all. */
  waiting: boolean
  /** What they answer to, for the title: "match m-1". */
  of: string
}

/** Accepts for everyone who has not answered. */
export function AcceptAll({ players, waiting, of }: AcceptAllProps) {
  const { whyNot } = useDesk()
  const [open, setOpen] = useState(false)
  const answers = missingAnswers(players)
  if (!waiting) return null
  return (
    <>
      <Button
        look="primary"
        disabledReason={
          whyNot['match.answer'] ?? (answers.length === 0 ? 'Every player here has answered or been asked to.' : null)
        }
        onClick={() => setOpen(true)}
      >
        <Check className="size-4" aria-hidden />
        Accept for all players
      </Button>
      <AcceptAllDialog when={open} open={open} onClose={() => setOpen(false)} answers={answers} of={of} />
    </>
  )
}
