'use client'

import type { ReactNode } from 'react'
import { useDesk } from '#components/frame/desk.tsx'
import { EnvironmentTag } from '#components/frame/environment-tag.tsx'
import { ConfirmDialog } from '#components/ui/dialog.tsx'
import { sessionName } from './session-name.ts'

interface BackfillOffDialogProps {
  open: boolean
  onClose: () => void
  gameSessionArn: string
  pending: boolean
  failure: ReactNode
  onConfirm: () => void
}

export function BackfillOffDialog(props: BackfillOffDialogProps) {
  const { open, onClose, gameSessionArn, pending, failure, onConfirm } = props
  const { environment } = useDesk()
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={`Turn off automatic backfill for session ${sessionName(gameSessionArn)}`}
      badge={<EnvironmentTag environment={environment} />}
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
    </ConfirmDialog>
  )
}
