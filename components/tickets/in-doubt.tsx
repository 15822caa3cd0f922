import type { TicketFilter } from '#lib/tickets/views.ts'

/** What the words mean under which doubtful tickets are listed; nothing over any other list. */
export function InDoubt({ filter }: { filter: TicketFilter }) {
  const meanings = [
    filter.presumed &&
      'Presumed: the status follows from what is known (the request timeout is long over, or the match was dropped), and neither an event nor GameLift has stated it. These tickets are asked about until it is; what is heard then stands.',
    filter.tab === 'GONE' &&
      'Gone: GameLift no longer knows these tickets, and no event has told how they ended. A late event still completes one.',
  ].filter((meaning) => meaning !== false)
  return meanings.map((meaning) => (
    <p key={meaning} className="border-b px-4 py-2 text-xs text-pretty text-muted">
      {meaning}
    </p>
  ))
}
