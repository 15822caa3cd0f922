'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { GroundedDialog } from '#components/frame/grounded-dialog.tsx'
import type { Grounds } from '#components/frame/grounds-fields.tsx'
import { useAction } from '#components/live/use-action.ts'
import { useQueryClient } from '#components/live/use-query.tsx'
import { ActionProblem } from '#components/tickets/action-problem.tsx'
import { Button } from '#components/ui/button.tsx'
import { removeEnvironment } from '#lib/environments/actions.ts'
import type { EnvironmentStateView } from '#lib/tickets/views.ts'

interface RemoveEnvironmentProps {
  environment: EnvironmentStateView
  refusal: string | null
}

export function RemoveEnvironment({ environment, refusal }: RemoveEnvironmentProps) {
  const client = useQueryClient()
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const { run, pending, error, reset } = useAction<{ environment: string } & Grounds, { name: string }>(
    removeEnvironment,
    () => {
      setOpen(false)
      // The switch in the header is drawn by the server.
      router.refresh()
      return client.invalidateQueries()
    },
  )
  const close = () => {
    setOpen(false)
    reset()
  }
  return (
    <>
      <Button look="danger-quiet" disabledReason={refusal} onClick={() => setOpen(true)}>
        Remove
      </Button>
      <GroundedDialog
        action="environment.manage"
        environment={environment}
        open={open}
        onClose={close}
        title={`Remove environment ${environment.name}`}
        confirm="Remove environment"
        dismiss="Keep environment"
        pending={pending}
        failure={error && <ActionProblem error={error} />}
        onConfirm={(grounds) => run({ environment: environment.name, ...grounds })}
      >
        <p>
          Matchdesk stops reading its events and asking its GameLift, and its senders' secrets end. Nothing changes in
          GameLift: players there go on matching.
        </p>
        <p>What is recorded of its tickets stays until its retention ends, and is shown again if it is added again.</p>
      </GroundedDialog>
    </>
  )
}
