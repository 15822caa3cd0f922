'use client'

import { Check, X } from 'lucide-react'
import { useLayoutEffect, useRef, useState } from 'react'
import { useDesk } from '#components/frame/desk.tsx'
import { EnvironmentTag } from '#components/frame/environment-tag.tsx'
import { ActionProblem } from '#components/tickets/action-problem.tsx'
import { rejectOutcomeWords } from '#components/tickets/dropped-words.ts'
import { Button } from '#components/ui/button.tsx'
import { ConfirmDialog } from '#components/ui/dialog.tsx'
import { IdText } from '#components/ui/id-text.tsx'
import { Problem } from '#components/ui/problem.tsx'
import { middle } from '#components/ui/split-id.ts'
import type { RejectOutcome } from '#lib/flexmatch/reject-outcome.ts'
import type { PlayerView } from '#lib/tickets/views.ts'
import { useAnswer } from './use-answer.ts'

/** Accept and Reject for one player. Rejecting ends the match for everyone, so it asks first. */
export function AnswerControls({ player, ifRejected }: { player: PlayerView; ifRejected?: RejectOutcome }) {
  const controls = useFocusLeftToRow()
  const { environment, whyNot } = useDesk()
  const [rejecting, setRejecting] = useState(false)
  const { answer, pending, input, error, refused, reset } = useAnswer(() => setRejecting(false))
  const answers = [{ ticketId: player.ticketId, playerIds: [player.playerId] }]
  const name = middle(player.playerId, 30)
  const reason = whyNot['match.answer']
  const failure = error ? (
    <ActionProblem error={error} />
  ) : refused[0] ? (
    <Problem
      title={
        refused[0].code === 'UNCONFIRMED'
          ? `It is not known whether the answer for ${name} was taken.`
          : `The answer for ${name} was not taken.`
      }
    >
      {refused[0].refused}
    </Problem>
  ) : null

  return (
    <div ref={controls} className="flex flex-col items-end gap-2">
      <div className="flex gap-1.5">
        <Button
          size="small"
          aria-label={`Accept for ${name}`}
          pending={pending && input?.answer === 'ACCEPT'}
          disabledReason={reason}
          onClick={() => answer({ answer: 'ACCEPT', answers })}
        >
          <Check className="size-3.5 text-good" aria-hidden />
          Accept
        </Button>
        <Button
          size="small"
          aria-label={`Reject for ${name}`}
          pending={pending && input?.answer === 'REJECT'}
          disabledReason={reason}
          onClick={() => {
            reset()
            setRejecting(true)
          }}
        >
          <X className="size-3.5 text-bad" aria-hidden />
          Reject
        </Button>
      </div>
      {!rejecting && failure}
      <ConfirmDialog
        open={rejecting}
        onClose={() => setRejecting(false)}
        title={
          <>
            Reject the match for <IdText id={player.playerId} room="medium" />
          </>
        }
        badge={<EnvironmentTag environment={environment} />}
        confirm="Reject the match"
        pending={pending}
        failure={failure}
        onConfirm={() => answer({ answer: 'REJECT', answers })}
      >
        <p>
          The proposed match ends at once for everyone in it. This player’s ticket is cancelled, and so is every ticket
          of the match whose players have not all accepted by then; the others search again. This cannot be undone.
        </p>
        {ifRejected && <p className="font-medium text-text">As answered so far: {rejectOutcomeWords(ifRejected)}</p>}
      </ConfirmDialog>
    </div>
  )
}

/** When the controls go away with the focus in them, it stays with their player rather than go to the next one's. */
function useFocusLeftToRow() {
  const controls = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const element = controls.current
    const row = element?.closest('li')
    return () => {
      if (!element?.contains(document.activeElement)) return
      // After the removal: an open dialog in it would keep the row from taking the focus.
      queueMicrotask(() => row?.isConnected && row.focus())
    }
  }, [])
  return controls
}
