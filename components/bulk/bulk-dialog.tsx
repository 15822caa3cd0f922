'use client'

import { useDesk } from '#components/frame/desk.tsx'
import { GroundedDialog } from '#components/frame/grounded-dialog.tsx'
import type { Grounds } from '#components/frame/grounds-fields.tsx'
import { ActionProblem } from '#components/tickets/action-problem.tsx'
import { Button } from '#components/ui/button.tsx'
import { formatCount } from '#components/ui/format-time.ts'
import { IdText } from '#components/ui/id-text.tsx'
import type { BulkPreviewView } from '#lib/bulk/views.ts'
import type { ActionError } from '#lib/flexmatch/result.ts'
import { bulkTitle, whatHappens } from './bulk-words.ts'

interface BulkDialogProps {
  open: boolean
  onClose: () => void
  shown: BulkPreviewView
  pending: boolean
  failure: ActionError | null
  looking: boolean
  onLookAgain: () => void
  onKeepToShown: () => void
  onConfirm: (grounds: Grounds) => void
}

/** What would be done, to which tickets and where, before anything is. */
export function BulkDialog({
  open,
  onClose,
  shown,
  pending,
  failure,
  looking,
  onLookAgain,
  onKeepToShown,
  onConfirm,
}: BulkDialogProps) {
  const { environment, asks } = useDesk()
  const { action, count, samples, words, leftOut, more, ask, word } = shown
  const own = action !== 'cancel' ? 'match.answer-many' : count > 50 ? 'ticket.cancel-mass' : 'ticket.cancel-many'
  // More than a few answers are typed too, where the role table asks only for a reason.
  const asked = ask === 'confirm' && asks[own] !== 'confirm' ? 'ticket.cancel-mass' : own
  const stale = failure !== null && failure.code === 'REFUSED'
  return (
    <GroundedDialog
      key={word}
      action={asked}
      word={word}
      open={open}
      onClose={onClose}
      title={bulkTitle(action, count)}
      wide
      confirm={stale ? null : bulkTitle(action, count)}
      dismiss={action === 'cancel' ? 'Keep tickets' : 'Leave them'}
      pending={pending}
      danger={action !== 'accept'}
      failure={
        failure && (
          <div className="flex flex-col gap-2">
            <ActionProblem error={failure} />
            {stale && (
              <div className="flex flex-wrap gap-2">
                <Button pending={looking} onClick={onLookAgain}>
                  Look again
                </Button>
                <Button pending={looking} onClick={onKeepToShown}>
                  Keep to those shown
                </Button>
              </div>
            )}
          </div>
        )
      }
      onConfirm={onConfirm}
    >
      <p>
        In <strong className="text-text">{environment.label}</strong>: <bdi className="break-words">{words}</bdi>.
      </p>
      {more && (
        <p className="text-warning">
          More match than one run takes. This run is about the first {formatCount(count)} of the list; look again
          afterwards for the rest.
        </p>
      )}
      {leftOut > 0 && (
        <p>
          {leftOut === 1 ? '1 chosen ticket has' : `${formatCount(leftOut)} chosen tickets have`} ended and{' '}
          {leftOut === 1 ? 'is' : 'are'} left out.
        </p>
      )}
      <ul aria-label="The first tickets" className="grid gap-x-4 rounded-md border bg-sunken px-3 py-2 sm:grid-cols-2">
        {samples.map((ticketId) => (
          <li key={ticketId} className="min-w-0 truncate text-text">
            <IdText id={ticketId} room="row" />
          </li>
        ))}
        {count > samples.length && <li className="text-muted">and {formatCount(count - samples.length)} more</li>}
      </ul>
      <p>{whatHappens(action)}</p>
      <p>
        This cannot be undone{action === 'cancel' && ': to search again takes new tickets'}. The run can be paused or
        aborted at any time.
      </p>
    </GroundedDialog>
  )
}
