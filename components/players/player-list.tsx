'use client'

import { Check, Ellipsis, X } from 'lucide-react'
import { useHref } from '#components/frame/desk.tsx'
import { RequestedMark } from '#components/tickets/marks.tsx'
import { useTicketHref } from '#components/tickets/ticket-cells.tsx'
import { CopyableId, IdText } from '#components/ui/id-text.tsx'
import { late } from '#components/ui/late.tsx'
import { Link } from '#components/ui/link.tsx'
import { Moment } from '#components/ui/time.tsx'
import type { RejectOutcome } from '#lib/flexmatch/reject-outcome.ts'
import type { PlayerView } from '#lib/tickets/views.ts'
import { formatAttribute, sortedLatency } from './attributes.ts'

/** As high as its buttons. */
const AnswerControls = late(
  () => import('./answer-controls.tsx').then((module) => module.AnswerControls),
  <span className="h-6 w-36" />,
)

interface PlayerListProps {
  players: readonly PlayerView[]
  /** Whether answers are waited for now. */
  waiting: boolean
  /** Where players of several tickets are listed. */
  withTicket?: boolean
  withTeam?: boolean
  /** Ids of those who had not answered when the match was dropped. */
  unanswered?: readonly string[]
  /** What a rejection by a player of this ticket would do to the tickets of the match. */
  ifRejected?: (ticketId: string) => RejectOutcome
}

export function PlayerList({
  players,
  waiting,
  withTicket = false,
  withTeam = true,
  unanswered = [],
  ifRejected,
}: PlayerListProps) {
  return (
    <ul>
      {players.map((player) => (
        <li
          key={`${player.ticketId} ${player.playerId}`}
          // Takes the focus when the buttons in it that had it go away: the next button is another player's.
          tabIndex={-1}
          className="flex flex-wrap items-start gap-x-4 gap-y-1.5 border-t px-4 py-2 first:border-t-0"
        >
          <div className="flex min-w-0 flex-1 basis-56 flex-col gap-0.5">
            <div className="flex min-h-6 flex-wrap items-center gap-x-3 gap-y-0.5">
              <PlayerName player={player} />
              {withTeam && player.team !== null && <TeamName name={player.team} />}
              <AnswerMark player={player} waiting={waiting} silent={unanswered.includes(player.playerId)} />
            </div>
            <PlayerFacts player={player} withTicket={withTicket} />
          </div>
          {waiting && player.mayAnswer && player.answer === null && player.requested === null && (
            <AnswerControls when player={player} ifRejected={ifRejected?.(player.ticketId)} />
          )}
        </li>
      ))}
    </ul>
  )
}

function PlayerName({ player }: { player: PlayerView }) {
  return (
    <span className="font-medium">
      <CopyableId id={player.playerId} what="player id" room="medium" />
    </span>
  )
}

export function TeamName({ name }: { name: string }) {
  return (
    <span className="inline-flex h-5 items-center rounded border px-1.5 text-xs text-muted">
      <span className="sr-only">Team </span>
      <bdi>{name}</bdi>
    </span>
  )
}

function AnswerMark({ player, waiting, silent }: { player: PlayerView; waiting: boolean; silent: boolean }) {
  if (player.requested) return <RequestedMark requested={player.requested} />
  if (player.answer === 'accepted') {
    return (
      <span className="inline-flex items-center gap-1 text-xs text-good">
        <Check className="size-3.5" aria-hidden />
        accepted {player.answeredAt && <Moment at={player.answeredAt} />}
      </span>
    )
  }
  if (player.answer === 'rejected') {
    return (
      <span className="inline-flex items-center gap-1 text-xs text-bad">
        <X className="size-3.5" aria-hidden />
        rejected {player.answeredAt && <Moment at={player.answeredAt} />}
      </span>
    )
  }
  if (silent) {
    return (
      <span className="inline-flex items-center gap-1 text-xs text-warning">
        <Ellipsis className="size-3.5" aria-hidden />
        did not answer
      </span>
    )
  }
  if (!waiting) return null
  return (
    <span className="inline-flex items-center gap-1 text-xs text-muted">
      <Ellipsis className="size-3.5" aria-hidden />
      {player.mayAnswer ? 'no answer yet' : 'need not answer'}
    </span>
  )
}

function PlayerFacts({ player, withTicket }: { player: PlayerView; withTicket: boolean }) {
  const href = useHref()
  const ticketHref = useTicketHref()
  const { attributes, latencyMs } = player
  const known = attributes !== null || latencyMs !== null
  return (
    <div className="flex flex-wrap items-center gap-x-3 text-xs leading-6 text-muted">
      {withTicket && (
        <Link
          href={ticketHref(player.ticketId)}
          prefetch={false}
          className="inline-flex min-h-6 items-center gap-1 hover:text-accent hover:underline"
        >
          ticket <IdText id={player.ticketId} />
        </Link>
      )}
      {attributes !== null &&
        Object.entries(attributes).map(([name, value]) => (
          <span key={name} className="break-all">
            <bdi>{name}</bdi> <bdi className="text-text">{formatAttribute(value)}</bdi>
          </span>
        ))}
      {latencyMs !== null &&
        sortedLatency(latencyMs).map(([region, ms]) => (
          <span key={region}>
            {region} <span className="text-text">{ms} ms</span>
          </span>
        ))}
      {!known && <span className="text-faint">attributes and latency not read yet</span>}
      {player.playerSessionId && (
        <span>
          session <IdText id={player.playerSessionId} />
        </span>
      )}
      <Link
        href={href(`/tickets?tab=all&playerId=${encodeURIComponent(player.playerId)}`)}
        prefetch={false}
        className="inline-flex min-h-6 items-center hover:text-accent hover:underline"
      >
        all tickets of this player
      </Link>
    </div>
  )
}
