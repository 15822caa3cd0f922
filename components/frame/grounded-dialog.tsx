'use client'

import type { ComponentProps } from 'react'
import { ConfirmDialog } from '#components/ui/dialog.tsx'
import type { Action } from '#lib/access/roles.ts'
import type { EnvironmentView } from '#lib/tickets/views.ts'
import { useDesk } from './desk.tsx'
import { EnvironmentTag } from './environment-tag.tsx'
import { type Grounds, GroundsFields, groundsOf } from './grounds-fields.tsx'

interface GroundedDialogProps extends Omit<ComponentProps<typeof ConfirmDialog>, 'badge' | 'onConfirm'> {
  action: Action
  word?: string
  reasonWelcome?: boolean
  /** The one it is done in; left out, the one the page is about. */
  environment?: EnvironmentView
  onConfirm: (grounds: Grounds) => void
}

/** A confirm dialog that shows where it acts, and asks for what the role table asks for there. */
export function GroundedDialog(props: GroundedDialogProps) {
  const { action, word, reasonWelcome, environment, onConfirm, children, ...dialog } = props
  const desk = useDesk()
  const shown = environment ?? desk.environment
  return (
    <ConfirmDialog
      {...dialog}
      badge={<EnvironmentTag environment={shown} />}
      onConfirm={(form) => onConfirm(groundsOf(form))}
    >
      {children}
      {dialog.confirm !== null && (
        <GroundsFields action={action} word={word ?? shown.name} reasonWelcome={reasonWelcome} />
      )}
    </ConfirmDialog>
  )
}
