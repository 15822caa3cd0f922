'use client'

import { clsx } from 'clsx'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useDesk } from '#components/frame/desk.tsx'
import type { Grounds } from '#components/frame/grounds-fields.tsx'
import { useAction } from '#components/live/use-action.ts'
import { useQueryClient } from '#components/live/use-query.tsx'
import { ActionProblem } from '#components/tickets/action-problem.tsx'
import { Button } from '#components/ui/button.tsx'
import { late } from '#components/ui/late.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { turnOffAutomaticBackfill } from '#lib/tickets/actions.ts'
import type { BackfillOffOutcome } from '#lib/tickets/inputs.ts'
import type { SessionView } from '#lib/tickets/views.ts'
import { backfillOffSentence, backfillSentence, isOffAfter } from './backfill-words.ts'
import { StartBackfill } from './start-backfill.tsx'

const BackfillOffDialog = late(() => import('./backfill-off-dialog.tsx').then((module) => module.BackfillOffDialog))

/** Whether the session fills itself, and both ways to change that. */
export function BackfillPanel({ session }: { session: SessionView }) {
  const { environment, whyNot } = useDesk()
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const off = useAction<{ environment: string; gameSessionArn: string } & Grounds, BackfillOffOutcome>(
    turnOffAutomaticBackfill,
    () => {
      setAsking(false)
      return client.invalidateQueries()
    },
  )
  const { gameSessionArn, live } = session
  const isOff = live !== null && live.autoBackfillMode === null && live.autoBackfillTicketId === null
  const unable =
    live !== null && live.status === 'TERMINATED' ? 'The session has ended; nothing fills it any more.' : null

  return (
    <Panel title="Backfill">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <p className="min-w-0 flex-1 basis-72 text-sm break-words">
          {backfillSentence(session) ??
            `Whether automatic backfill is on is not known: ${session.unreadable ?? 'the session could not be read.'}`}
        </p>
        <div className="flex flex-wrap gap-2">
          <Button
            look="danger-quiet"
            disabledReason={
              whyNot['backfill.off'] ?? unable ?? (isOff ? 'Automatic backfill is off for this session already.' : null)
            }
            onClick={() => {
              off.reset()
              setAsking(true)
            }}
          >
            Turn off automatic backfill
          </Button>
          <StartBackfill session={session} />
        </div>
      </div>
      {off.data && <OffProof outcome={off.data} />}
      <BackfillOffDialog
        when={asking}
        open={asking}
        onClose={() => setAsking(false)}
        gameSessionArn={gameSessionArn}
        pending={off.pending}
        failure={off.error && <ActionProblem error={off.error} />}
        onConfirm={(grounds) => off.run({ environment: environment.name, gameSessionArn, ...grounds })}
      />
    </Panel>
  )
}

/** What was done, and the session as last read, one click away. */
function OffProof({ outcome }: { outcome: BackfillOffOutcome }) {
  const off = isOffAfter(outcome)
  const Icon = off ? CircleCheck : TriangleAlert
  return (
    <div
      role="status"
      className={clsx(
        'mt-3 flex items-start gap-2 rounded-md border px-3 py-2 text-sm',
        off ? 'border-good/40' : 'border-warning/50',
      )}
    >
      <Icon className={clsx('mt-0.5 size-4 shrink-0', off ? 'text-good' : 'text-warning')} aria-hidden />
      <div className="min-w-0">
        <p className="break-words">{backfillOffSentence(outcome)}</p>
        <details className="text-xs text-muted">
          <summary className="min-h-6 leading-6">Proof</summary>
          <p>
            Matchmaker data as last read: autoBackfillMode{' '}
            <code className="font-mono">{JSON.stringify(outcome.autoBackfillMode)}</code>, autoBackfillTicketId{' '}
            <code className="font-mono break-all">{JSON.stringify(outcome.autoBackfillTicketId)}</code>. Stopped:{' '}
            {outcome.stoppedTicketIds.length === 0 ? 'nothing' : outcome.stoppedTicketIds.join(', ')}.
          </p>
        </details>
      </div>
    </div>
  )
}
