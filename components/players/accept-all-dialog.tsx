'use client'

import { GroundedDialog } from '#components/frame/grounded-dialog.tsx'
import { ActionProblem } from '#components/tickets/action-problem.tsx'
import { IdText } from '#components/ui/id-text.tsx'
import { Problem } from '#components/ui/problem.tsx'
import { type Answering, useAnswer } from './use-answer.ts'

interface AcceptAllDialogProps {
  open: boolean
  onClose: () => void
  answers: Answering['answers']
  /** What they answer to, for the title: "match m-1". */
  of: string
}

/** Asks first; afterwards those that GameLift did not take stay listed. */
export function AcceptAllDialog({ open, onClose, answers, of }: AcceptAllDialogProps) {
  const { answer, pending, error, refused, reset } = useAnswer(onClose)
  const count = answers.reduce((sum, { playerIds }) => sum + playerIds.length, 0)
  return (
    <>
      <GroundedDialog
        action="match.answer"
        open={open}
        onClose={() => {
          onClose()
          reset()
        }}
        title={`Accept for all players of ${of}`}
        confirm={count === 1 ? 'Accept for 1 player' : `Accept for ${count} players`}
        danger={false}
        pending={pending}
        failure={error && <ActionProblem error={error} />}
        onConfirm={(grounds) => answer({ answer: 'ACCEPT', answers }, grounds)}
      >
        <p>
          Accepts the proposed match for {count === 1 ? 'the player' : `the ${count} players`} who{' '}
          {count === 1 ? 'has' : 'have'} not answered. Once every player of every ticket has accepted, the match is
          placed. This cannot be undone.
        </p>
        <ul className="flex max-h-40 flex-wrap gap-x-3 gap-y-1 overflow-auto text-text">
          {answers
            .flatMap(({ playerIds }) => playerIds)
            .map((playerId) => (
              <li key={playerId}>
                <IdText id={playerId} room="medium" />
              </li>
            ))}
        </ul>
      </GroundedDialog>
      {refused.length > 0 && (
        <div className="basis-full">
          {refused.map((outcome) => (
            <Problem
              key={outcome.ticketId}
              title={
                outcome.code === 'UNCONFIRMED'
                  ? `Not known for ticket ${outcome.ticketId}.`
                  : `Not accepted for ticket ${outcome.ticketId}.`
              }
            >
              {outcome.refused}
            </Problem>
          ))}
        </div>
      )}
    </>
  )
}
