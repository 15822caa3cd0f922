'use client'

import { useDesk } from '#components/frame/desk.tsx'
import type { Grounds } from '#components/frame/grounds-fields.tsx'
import { useAction } from '#components/live/use-action.ts'
import { useQueryClient } from '#components/live/use-query.tsx'
import { answerMatch } from '#lib/tickets/actions.ts'
import type { AnswerMatchInput, AnswerOutcome } from '#lib/tickets/inputs.ts'

export type Answering = Pick<AnswerMatchInput, 'answer' | 'answers'>

/** Accepting or rejecting for players. Reads everything on screen again afterwards: the answer is not the outcome. */
export function useAnswer(onDone?: () => void) {
  const { environment } = useDesk()
  const client = useQueryClient()
  const action = useAction<Omit<AnswerMatchInput, 'requestId'> & Grounds, AnswerOutcome[]>(answerMatch, () => {
    onDone?.()
    return client.invalidateQueries()
  })
  return {
    ...action,
    answer: ({ answer, answers }: Answering, grounds: Grounds) =>
      action.run({ environment: environment.name, answer, answers, ...grounds }),
    /** Those GameLift did not take, with its reasons. */
    refused: action.data?.filter(({ refused }) => refused !== null) ?? [],
  }
}
