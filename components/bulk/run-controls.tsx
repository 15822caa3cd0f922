'use client'

import { useState } from 'react'
import { useDesk } from '#components/frame/desk.tsx'
import { useAction } from '#components/live/use-action.ts'
import { useQueryClient } from '#components/live/use-query.tsx'
import { ActionProblem } from '#components/tickets/action-problem.tsx'
import { Button } from '#components/ui/button.tsx'
import { steerAnswer, steerCancel } from '#lib/bulk/actions.ts'
import type { BulkRunView, BulkState } from '#lib/bulk/views.ts'
import type { ActionError } from '#lib/flexmatch/result.ts'
import { BulkButton } from './bulk-button.tsx'
import { leftOf } from './bulk-words.ts'

type SteerInput = { environment: string; bulkId: string; to: 'pause' | 'resume' | 'abort' }

/** What can be pressed now. Neither pause nor abort asks first: both stop, and stopping must be quick. */
export function RunControls({ run }: { run: BulkRunView }) {
  const { environment, whyNot } = useDesk()
  const client = useQueryClient()
  const [refusal, setRefusal] = useState<ActionError | null>(null)
  const steer = useAction<SteerInput, { state: BulkState }>(run.action === 'cancel' ? steerCancel : steerAnswer, () =>
    client.invalidateQueries(),
  )
  const refused = whyNot[run.action === 'cancel' ? 'ticket.cancel-many' : 'match.answer-many']
  const button = (to: SteerInput['to'], words: string, look: 'primary' | 'secondary' | 'danger-quiet') => (
    <Button
      look={look}
      disabledReason={refused}
      pending={steer.pending && steer.input?.to === to}
      onClick={() => steer.run({ environment: environment.name, bulkId: run.bulkId, to })}
    >
      {words}
    </Button>
  )
  const isOver = run.state === 'finished' || run.state === 'aborted'
  const problem = steer.error ?? refusal
  return (
    <>
      {run.state === 'running' && button('pause', 'Pause', 'secondary')}
      {run.state === 'paused' && button('resume', 'Resume', 'primary')}
      {!isOver && button('abort', 'Abort', 'danger-quiet')}
      {isOver && leftOf(run) > 0 && run.retriedBy === null && (
        <BulkButton
          action={run.action}
          size="medium"
          selection={{ run: run.bulkId, which: 'left' }}
          disabledReason={refused}
          onRefused={setRefusal}
        >
          Try again the {leftOf(run)} that {run.state === 'aborted' ? 'are left' : 'failed'} …
        </BulkButton>
      )}
      {problem && <ActionProblem error={problem} className="basis-full" />}
    </>
  )
}
