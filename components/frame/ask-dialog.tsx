'use client'

import type { AskFirstProps } from './ask-first.tsx'
import { GroundedDialog } from './grounded-dialog.tsx'

interface AskDialogProps extends Omit<AskFirstProps, 'children'> {
  open: boolean
  onClose: () => void
}

export function AskDialog({ says, danger = false, onGo, ...props }: AskDialogProps) {
  return (
    <GroundedDialog {...props} danger={danger} onConfirm={onGo}>
      {says && <p>{says}</p>}
    </GroundedDialog>
  )
}
