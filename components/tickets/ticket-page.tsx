'use client'

import { useEffect, useMemo, useRef } from 'react'
import { useDesk } from '#components/frame/desk.tsx'
import { PageHeader } from '#components/frame/page-header.tsx'
import { Loaded } from '#components/live/loaded.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { AcceptAll } from '#components/players/accept-all.tsx'
import { PlayerList } from '#components/players/player-list.tsx'
import { ConnectionFacts } from '#components/sessions/connection-facts.tsx'
import { announce } from '#components/ui/announce.tsx'
import { useNow } from '#components/ui/clock.tsx'
import { CopyableId } from '#components/ui/id-text.tsx'
import { late } from '#components/ui/late.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { middle } from '#components/ui/split-id.ts'
import { SkeletonPage } from '#components/ui/states.tsx'
import type { DroppedMatch } from '#lib/flexmatch/dropped-match.ts'
import type { TicketView } from '#lib/tickets/views.ts'
import { CancelTicket } from './cancel-ticket.tsx'
import { causeSentence } from './cause-sentence.ts'
import { CopyCli } from './copy-cli.tsx'
import { FreshnessLine } from './freshness-line.tsx'
import { Linked } from './linked.tsx'
import { RequestedMark } from './marks.tsx'
import { RawFacts } from './raw-facts.tsx'
import { StatusLabel } from './status-label.tsx'
import { KIND_WORDS, STATUS_WORDS } from './status-words.ts'
import { TicketFacts } from './ticket-facts.tsx'
import { TicketMiniList } from './ticket-mini-list.tsx'
import { Timeline } from './timeline.tsx'
import { useMatchReckoning } from './use-match-reckoning.ts'
import { AnswerTime } from './waiting.tsx'

const TicketCli = late(() => import('./ticket-cli.tsx').then((module) => module.TicketCli))

export function TicketPage({ ticketId }: { ticketId: string }) {
  const { environment } = useDesk()
  const query = useQuery(queries.ticket(environment.name, ticketId))
  return (
    <Loaded query={query} what={`ticket ${middle(ticketId, 40)}`} skeleton={<SkeletonPage />}>
      {(ticket) => <TicketContent ticket={ticket} />}
    </Loaded>
  )
}

function TicketContent({ ticket }: { ticket: TicketView }) {
  const waiting = ticket.status === 'REQUIRES_ACCEPTANCE'
  useStatusAnnouncement(ticket)
  useEffect(TicketCli.soon, [])
  const reckoning = useMatchReckoning()
  const dropped = useMemo(() => reckoning?.droppedMatchOf(ticket) ?? null, [reckoning, ticket])
  const ifRejected = useMemo(
    () => (waiting ? reckoning?.outcomeOfRejecting(ticket) : undefined),
    [waiting, reckoning, ticket],
  )

  return (
    <>
      <PageHeader
        title={
          <>
            <span className="sr-only">Ticket</span>
            <CopyableId id={ticket.ticketId} what="ticket id" room="long" />
            <StatusLabel status={ticket.status} badge />
            {ticket.requested && <RequestedMark requested={ticket.requested} />}
            <span className="text-sm font-medium tracking-normal">
              <AnswerTime ticket={ticket} />
            </span>
          </>
        }
        line={<Sentence ticket={ticket} dropped={dropped} />}
        actions={
          <>
            <AcceptAll players={ticket.players} waiting={waiting} of={`ticket ${middle(ticket.ticketId, 24)}`} />
            <CancelTicket ticket={ticket} />
            <CopyCli>
              <TicketCli when ticket={ticket} />
            </CopyCli>
          </>
        }
      />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <Panel
            title={ticket.playerCount === 1 ? 'Player' : `${ticket.playerCount} players`}
            aside={KIND_WORDS[ticket.kind]}
            flush
          >
            {ticket.players.length === 0 ? (
              <p className="p-4 text-sm text-muted">No player is listed in this ticket.</p>
            ) : (
              <PlayerList
                players={ticket.players}
                waiting={waiting}
                unanswered={ticket.status === 'CANCELLED' && fellWithMatch(ticket) ? dropped?.unanswered : undefined}
                ifRejected={ifRejected}
              />
            )}
          </Panel>
          {ticket.matchTickets.length > 0 && (
            <Panel title="Other tickets of its match" flush>
              <TicketMiniList tickets={ticket.matchTickets} />
            </Panel>
          )}
          <Panel title="Facts">
            <TicketFacts ticket={ticket} />
          </Panel>
          {ticket.connection && (
            <Panel title="Connection">
              <ConnectionFacts connection={ticket.connection} />
            </Panel>
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Panel title="Timeline" aside={<FreshnessLine ticket={ticket} />}>
            <Timeline entries={ticket.timeline} open={openPart(ticket)} />
          </Panel>
          <Panel title="Recorded facts" aside={`${ticket.facts.length}`} flush>
            <RawFacts facts={ticket.facts} />
          </Panel>
        </div>
      </div>
    </>
  )
}

function Sentence({ ticket, dropped }: { ticket: TicketView; dropped: DroppedMatch | null }) {
  const now = useNow()
  const waitingFor = ticket.players
    .filter(({ mayAnswer, answer }) => mayAnswer && answer !== 'accepted')
    .map(({ playerId }) => playerId)
  const acceptanceDeadline = ticket.acceptanceDeadline === null ? null : Date.parse(ticket.acceptanceDeadline)
  const gameSessionArn = ticket.connection?.gameSessionArn ?? null
  return (
    <span suppressHydrationWarning>
      <Linked
        text={causeSentence(
          { ...ticket, presumed: ticket.freshness.presumed, waitingFor, acceptanceDeadline, gameSessionArn, dropped },
          now,
        )}
      />
    </span>
  )
}

function fellWithMatch({ cause }: TicketView): boolean {
  return cause === 'rejected' || cause === 'not-answered'
}

function openPart({ status, acceptanceDeadline }: TicketView) {
  if (status === 'QUEUED' || status === 'SEARCHING' || status === 'REQUIRES_ACCEPTANCE' || status === 'PLACING')
    return { status, acceptanceDeadline }
  return null
}

function useStatusAnnouncement({ ticketId, status }: TicketView) {
  const before = useRef(status)
  useEffect(() => {
    if (before.current !== status)
      announce(`Ticket ${middle(ticketId, 24)} is now ${STATUS_WORDS[status].toLowerCase()}.`)
    before.current = status
  }, [ticketId, status])
}
