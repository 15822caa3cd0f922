'use client'

import { Check, X } from 'lucide-react'
import { useLayoutEffect, useRef, useState } from 'react'
import { AskFirst } from '#components/frame/ask-first.tsx'
import { useDesk } from '#components/frame/desk.tsx'
import { ActionProblem } from '#components/tickets/action-problem.tsx'
import { Button } from '#components/ui/button.tsx'
import { IdText } from '#components/ui/id-text.tsx'
import { late } from '#components/ui/late.tsx'
import { Problem } from '#components/ui/problem.tsx'
import { middle } from '#components/ui/split-id.ts'
import type { RejectOutcome } from '#lib/flexmatch/reject-outcome.ts'
import type { PlayerView } from '#lib/tickets/views.ts'
import { useAnswer } from './use-answer.ts'

const RejectDialog = late(() => import('./reject-dialog.tsx').then((module) => module.RejectDialog))

/** Accept and Reject for one player. Rejecting ends the match for everyone, so it asks first. */
export function AnswerControls({ player, ifRejected }: { player: PlayerView; ifRejected?: RejectOutcome }) {
  const controls = useFocusLeftToRow()
  const { whyNot } = useDesk()
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
        <AskFirst
          action="match.answer"
          title={
            <>
              Accept the match for <IdText id={player.playerId} room="medium" />
            </>
          }
          confirm="Accept the match"
          says="Once every player of every ticket has accepted, the match is placed. This cannot be undone."
          pending={pending && input?.answer === 'ACCEPT'}
          failure={!rejecting && failure}
          onGo={(grounds) => answer({ answer: 'ACCEPT', answers }, grounds)}
        >
          {(ask) => (
            <Button
              size="small"
              aria-label={`Accept for ${name}`}
              pending={pending && input?.answer === 'ACCEPT'}
              disabledReason={reason}
              onClick={ask}
            >
              <Check className="size-3.5 text-good" aria-hidden />
              Accept
            </Button>
          )}
        </AskFirst>
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
      <RejectDialog
        when={rejecting}
        open={rejecting}
        onClose={() => setRejecting(false)}
        playerId={player.playerId}
        pending={pending}
        failure={failure}
        onConfirm={(grounds) => answer({ answer: 'REJECT', answers }, grounds)}
        ifRejected={ifRejected}
      />
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
