'use client'

import { type ReactNode, useEffect } from 'react'
import { Button, type ButtonLook } from '#components/ui/button.tsx'
import { late } from '#components/ui/late.tsx'
import type { BulkAction, BulkSelection } from '#lib/bulk/views.ts'
import type { ActionError } from '#lib/flexmatch/result.ts'
import { useBulk } from './use-bulk.ts'

const BulkDialog = late(() => import('./bulk-dialog.tsx').then((module) => module.BulkDialog))

interface BulkButtonProps {
  action: BulkAction
  selection: BulkSelection
  look?: ButtonLook
  size?: 'small' | 'medium'
  disabledReason: string | null
  /** Told of what stands in the way, null when nothing does any more. */
  onRefused: (refusal: ActionError | null) => void
  onBegun?: () => void
  children: ReactNode
}

/** Looks which tickets are meant, shows them, and begins once that is confirmed. */
export function BulkButton({
  action,
  selection,
  look,
  size = 'small',
  disabledReason,
  onRefused,
  onBegun,
  children,
}: BulkButtonProps) {
  const bulk = useBulk(action, () => onBegun?.())
  const { refusal } = bulk
  // biome-ignore lint/correctness/useExhaustiveDependencies: told of a refusal, not of a new listener
  useEffect(() => onRefused(refusal), [refusal])
  return (
    <>
      <Button
        size={size}
        look={look}
        pending={bulk.looking && !bulk.open}
        disabledReason={disabledReason}
        onClick={() => bulk.look(selection)}
      >
        {children}
      </Button>
      {bulk.shown && (
        <BulkDialog
          when={bulk.open}
          open={bulk.open}
          onClose={bulk.close}
          shown={bulk.shown}
          pending={bulk.confirming}
          failure={bulk.failure}
          looking={bulk.looking}
          onLookAgain={bulk.lookAgain}
          onKeepToShown={bulk.keepToShown}
          onConfirm={bulk.confirm}
        />
      )}
    </>
  )
}
