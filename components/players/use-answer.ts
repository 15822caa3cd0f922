'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useDesk } from '#components/frame/desk.tsx'
import { useAction } from '#components/live/use-action.ts'
import { answerMatch } from '#lib/tickets/actions.ts'
import type { AnswerMatchInput, AnswerOutcome } from '#lib/tickets/inputs.ts'
import type { PlayerView } from '#lib/tickets/views.ts'

export type Answering = Pick<AnswerMatchInput, 'answer' | 'answers'>

/** Accepting or rejecting for players. Reads everything on screen again afterwards: the answer is not the outcome. */
export function useAnswer(onDone?: () => void) {
  const { environment } = useDesk()
  const client = useQueryClient()
  const action = useAction<Omit<AnswerMatchInput, 'requestId'>, AnswerOutcome[]>(answerMatch, () => {
    onDone?.()
    return client.invalidateQueries()
  })
  return {
    ...action,
    answer: ({ answer, answers }: Answering) => action.run({ environment: environment.name, answer, answers }),
    /** Those GameLift did not take, with its reasons. */
    refused: action.data?.filter(({ refused }) => refused !== null) ?? [],
  }
}

/** Players whose answer is missing, grouped by ticket as GameLift takes them. */
export function missingAnswers(players: readonly PlayerView[]): Answering['answers'] {
  const byTicket = new Map<string, string[]>()
  for (const player of players) {
    if (!player.mayAnswer || player.answer !== null || player.requested !== null) continue
    byTicket.set(player.ticketId, [...(byTicket.get(player.ticketId) ?? []), player.playerId])
  }
  return [...byTicket].map(([ticketId, playerIds]) => ({ ticketId, playerIds }))
}
