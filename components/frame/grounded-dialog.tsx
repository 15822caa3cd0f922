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
  // Somebody may have stopped it while the dialog was open.
  const refusal = dialog.pending ? null : desk.whyNot[action]
  const over = refusal !== null || dialog.confirm === null
  return (
    <ConfirmDialog
      {...dialog}
      {...(refusal !== null && { confirm: null, dismiss: 'Close' })}
      // What holds everywhere is done in none of them.
      badge={desk.nowhere && !environment ? undefined : <EnvironmentTag environment={shown} />}
      onConfirm={(form) => onConfirm(groundsOf(form))}
    >
      {children}
      {refusal !== null && (
        <p role="status" className="break-words text-warning">
          {refusal}
        </p>
      )}
      {!over && <GroundsFields action={action} word={word ?? shown.name} reasonWelcome={reasonWelcome} />}
    </ConfirmDialog>
  )
}
