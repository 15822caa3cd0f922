'use client'

import type { ReactNode } from 'react'
import { GroundedDialog } from '#components/frame/grounded-dialog.tsx'
import type { Grounds } from '#components/frame/grounds-fields.tsx'
import { rejectOutcomeWords } from '#components/tickets/dropped-words.ts'
import { IdText } from '#components/ui/id-text.tsx'
import type { RejectOutcome } from '#lib/flexmatch/reject-outcome.ts'

interface RejectDialogProps {
  open: boolean
  onClose: () => void
  playerId: string
  pending: boolean
  failure: ReactNode
  onConfirm: (grounds: Grounds) => void
  ifRejected?: RejectOutcome
}

export function RejectDialog({ open, onClose, playerId, pending, failure, onConfirm, ifRejected }: RejectDialogProps) {
  return (
    <GroundedDialog
      action="match.answer"
      open={open}
      onClose={onClose}
      title={
        <>
          Reject the match for <IdText id={playerId} room="medium" />
        </>
      }
      confirm="Reject the match"
      pending={pending}
      failure={failure}
      onConfirm={onConfirm}
    >
      <p>
        The proposed match ends at once for everyone in it. This player’s ticket is cancelled, and so is every ticket of
        the match whose players have not all accepted by then; the others search again. This cannot be undone.
      </p>
      {ifRejected && <p className="font-medium text-text">As answered so far: {rejectOutcomeWords(ifRejected)}</p>}
    </GroundedDialog>
  )
}
