'use client'

import { clsx } from 'clsx'
import { useEffect } from 'react'
import { useDesk } from '#components/frame/desk.tsx'
import { PageHeader } from '#components/frame/page-header.tsx'
import { Loaded } from '#components/live/loaded.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { AcceptAll } from '#components/players/accept-all.tsx'
import { missingAnswers } from '#components/players/missing-answers.ts'
import { PlayerList } from '#components/players/player-list.tsx'
import { ConnectionFacts } from '#components/sessions/connection-facts.tsx'
import { CopyCli } from '#components/tickets/copy-cli.tsx'
import { RawFacts } from '#components/tickets/raw-facts.tsx'
import { TicketMiniList } from '#components/tickets/ticket-mini-list.tsx'
import { CopyableId } from '#components/ui/id-text.tsx'
import { late } from '#components/ui/late.tsx'
import { Facts, Panel } from '#components/ui/panel.tsx'
import { middle } from '#components/ui/split-id.ts'
import { SkeletonPage } from '#components/ui/states.tsx'
import { Countdown, Moment } from '#components/ui/time.tsx'
import { rejectOutcome } from '#lib/flexmatch/reject-outcome.ts'
import type { MatchView } from '#lib/tickets/views.ts'
import { matchSentence } from './match-sentence.ts'
import { MatchStatusLabel } from './match-status.tsx'
import { RuleMetrics } from './rule-metrics.tsx'

const MatchCli = late(() => import('./match-cli.tsx').then((module) => module.MatchCli))

export function MatchPage({ matchId }: { matchId: string }) {
  const { environment } = useDesk()
  const query = useQuery(queries.match(environment.name, matchId))
  return (
    <Loaded query={query} what={`match ${middle(matchId, 40)}`} skeleton={<SkeletonPage />}>
      {(match) => <MatchContent match={match} />}
    </Loaded>
  )
}

function MatchContent({ match }: { match: MatchView }) {
  useEffect(MatchCli.soon, [])
  const players = match.teams.flatMap((team) => team.players)
  const waiting = match.status === 'proposed' && match.acceptanceRequired
  const silent = players.filter(({ mayAnswer, answer }) => mayAnswer && answer === null).length
  const rejectedBy = players.filter(({ answer }) => answer === 'rejected').map(({ playerId }) => playerId)
  const commanded = waiting ? missingAnswers(players) : []
  const backfill = match.tickets.filter(({ kind }) => kind !== 'new').map(({ ticketId }) => ticketId)
  const unanswered = dropped(match)
    ? players
        .filter(({ answer, ticketId }) => answer === null && !backfill.includes(ticketId))
        .map(({ playerId }) => playerId)
    : []
  return (
    <>
      <PageHeader
        title={
          <>
            <span className="sr-only">Match</span>
            <CopyableId id={match.matchId} what="match id" room="long" />
            <MatchStatusLabel status={match.status} badge />
            {waiting && match.acceptanceDeadline !== null && (
              <span className="text-sm font-medium tracking-normal text-attention">
                <Countdown until={match.acceptanceDeadline} />
              </span>
            )}
          </>
        }
        line={matchSentence(match.status, silent, match.acceptanceRequired, match.gameSessionArn !== null, {
          rejectedBy,
          unanswered,
        })}
        actions={
          <>
            <AcceptAll players={players} waiting={waiting} of={`match ${middle(match.matchId, 24)}`} />
            {commanded.length > 0 && (
              <CopyCli>
                <MatchCli when answers={commanded} />
              </CopyCli>
            )}
          </>
        }
      />
      <div className="flex flex-col gap-4">
        <div className={clsx('grid items-start gap-4', match.teams.length > 1 && 'lg:grid-cols-2')}>
          {match.teams.map((team) => (
            <Panel
              key={team.name}
              title={
                <>
                  Team <bdi>{team.name}</bdi>
                </>
              }
              aside={team.players.length === 1 ? '1 player' : `${team.players.length} players`}
              flush
            >
              <PlayerList
                players={team.players}
                waiting={waiting}
                withTicket
                withTeam={false}
                unanswered={unanswered}
                ifRejected={(ticketId) => rejectOutcome(players, ticketId, backfill)}
              />
            </Panel>
          ))}
        </div>
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <Panel title="Tickets" aside={`${match.tickets.length}`} flush>
            <TicketMiniList tickets={match.tickets} />
          </Panel>
          <Panel title="Facts">
            <Facts
              items={[
                { name: 'Configuration', value: match.configuration },
                { name: 'Acceptance', value: match.acceptanceRequired ? 'required' : 'not required' },
                { name: 'Proposed', value: <Moment at={match.createdAt} precise /> },
                { name: 'Last change', value: <Moment at={match.updatedAt} precise /> },
              ]}
            />
            {match.gameSessionArn !== null && (
              <div className="mt-1.5">
                <ConnectionFacts
                  connection={{ gameSessionArn: match.gameSessionArn, ipAddress: null, dnsName: null, port: null }}
                />
              </div>
            )}
          </Panel>
          {match.ruleEvaluationMetrics.length > 0 && (
            <Panel title="Rules tried for this match" flush>
              <RuleMetrics metrics={match.ruleEvaluationMetrics} />
            </Panel>
          )}
          <Panel title="Recorded facts" aside={`${match.facts.length}`} flush>
            <RawFacts facts={match.facts} />
          </Panel>
        </div>
      </div>
    </>
  )
}

/** Whether its players' answers, or what was missing of them, brought it down. */
function dropped({ status }: MatchView): boolean {
  return status === 'rejected' || status === 'not-answered'
}
