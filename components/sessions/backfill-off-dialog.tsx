'use client'

import type { ReactNode } from 'react'
import { GroundedDialog } from '#components/frame/grounded-dialog.tsx'
import type { Grounds } from '#components/frame/grounds-fields.tsx'
import { sessionName } from './session-name.ts'

interface BackfillOffDialogProps {
  open: boolean
  onClose: () => void
  gameSessionArn: string
  pending: boolean
  failure: ReactNode
  onConfirm: (grounds: Grounds) => void
}

export function BackfillOffDialog(props: BackfillOffDialogProps) {
  const { open, onClose, gameSessionArn, pending, failure, onConfirm } = props
  return (
    <GroundedDialog
      action="backfill.off"
      open={open}
      onClose={onClose}
      title={`Turn off automatic backfill for session ${sessionName(gameSessionArn)}`}
      confirm="Turn off automatic backfill"
      pending={pending}
      failure={failure}
      onConfirm={onConfirm}
    >
      <p>
        Reads the session now, stops its newest automatic backfill ticket, reads again, and repeats until none is live.
        Players in the session stay; nobody new is added by itself.
      </p>
      <p>GameLift has no call to turn it on again for this session. You can start a backfill by hand.</p>
      {pending && <p role="status">Working: reading, stopping, checking. This can take some seconds.</p>}
    </GroundedDialog>
  )
}
