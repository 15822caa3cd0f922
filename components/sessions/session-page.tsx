'use client'

import { Unplug } from 'lucide-react'
import { useEffect } from 'react'
import { useDesk, useHref } from '#components/frame/desk.tsx'
import { PageHeader } from '#components/frame/page-header.tsx'
import { Loaded } from '#components/live/loaded.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { formatDataAttribute } from '#components/players/attributes.ts'
import { CopyCli } from '#components/tickets/copy-cli.tsx'
import { TicketMiniList } from '#components/tickets/ticket-mini-list.tsx'
import { useNow } from '#components/ui/clock.tsx'
import { CodeBlock, prettyJson } from '#components/ui/code-block.tsx'
import { IdLink } from '#components/ui/id-link.tsx'
import { CopyableId, IdText } from '#components/ui/id-text.tsx'
import { late } from '#components/ui/late.tsx'
import { Facts, Panel } from '#components/ui/panel.tsx'
import { middle } from '#components/ui/split-id.ts'
import { Empty, SkeletonPage } from '#components/ui/states.tsx'
import { Ago, Moment } from '#components/ui/time.tsx'
import type { SessionToldView, SessionView } from '#lib/tickets/views.ts'
import { BackfillPanel } from './backfill-panel.tsx'
import { ConnectionFacts } from './connection-facts.tsx'
import { sessionName } from './session-name.ts'
import { knownFrom, playersShown, standingOf } from './session-words.ts'

const SessionCli = late(() => import('./session-cli.tsx').then((module) => module.SessionCli))

/** Matchmaker data changes without any event (automatic backfill renews its ticket), so an open page looks again. */
const READ_AGAIN_MS = 5_000

export function SessionPage({ gameSessionArn }: { gameSessionArn: string }) {
  const { environment } = useDesk()
  const query = useQuery({ ...queries.session(environment.name, gameSessionArn), refetchInterval: READ_AGAIN_MS })
  return (
    <Loaded query={query} what={`game session ${middle(sessionName(gameSessionArn), 40)}`} skeleton={<SkeletonPage />}>
      {(session) => <SessionContent session={session} />}
    </Loaded>
  )
}

function SessionContent({ session }: { session: SessionView }) {
  useEffect(SessionCli.soon, [])
  const { live } = session
  return (
    <>
      <PageHeader
        title={
          <>
            <span className="sr-only">Game session</span>
            <IdText id={sessionName(session.gameSessionArn)} room="long" />
            {live && <SessionStatus status={live.status} />}
          </>
        }
        line={<CopyableId id={session.gameSessionArn} what="game session ARN" room="all" className="text-xs" />}
        actions={
          <CopyCli>
            <SessionCli when session={session} />
          </CopyCli>
        }
      />
      <div className="flex flex-col gap-4">
        <BackfillPanel session={session} />
        <div className="grid items-start gap-4 xl:grid-cols-2">
          <Players session={session} />
          <div className="flex min-w-0 flex-col gap-4">
            <SessionFacts session={session} />
            <Panel title="Open backfill tickets" aside={`${session.backfillTickets.length}`} flush>
              {session.backfillTickets.length === 0 ? (
                <p className="p-4 text-sm text-muted">None is open for this session.</p>
              ) : (
                <TicketMiniList tickets={session.backfillTickets} />
              )}
            </Panel>
            {live?.matchmakerData && (
              <Panel
                title="Matchmaker data"
                aside={
                  <span>
                    read <Ago at={live.readAt} />
                  </span>
                }
              >
                <CodeBlock code={prettyJson(live.matchmakerData)} label="matchmaker data as JSON" />
              </Panel>
            )}
          </div>
        </div>
      </div>
    </>
  )
}

/** GameLift's own word, told apart by more than colour: only ACTIVE is good. */
function SessionStatus({ status }: { status: string }) {
  const good = status === 'ACTIVE'
  return (
    <span
      className={`inline-flex h-6 items-center gap-1.5 rounded-full border px-2 text-xs font-medium tracking-normal ${good ? 'border-good/40 text-good' : 'border-line-strong text-muted'}`}
    >
      <span aria-hidden>{good ? '●' : '○'}</span>
      {status}
    </span>
  )
}

function Players({ session: { live, unreadable } }: { session: SessionView }) {
  if (live === null) {
    return (
      <Panel title="Players">
        <Empty icon={Unplug} title="The session cannot be read from GameLift now">
          {unreadable ?? 'It may have ended a while ago.'} What was recorded of it is beside this.
        </Empty>
      </Panel>
    )
  }
  const open = Math.max(0, live.maximumPlayers - live.currentPlayers)
  return (
    <Panel
      title="Players by team"
      aside={`${live.currentPlayers} of ${live.maximumPlayers} · ${open === 1 ? '1 open slot' : `${open} open slots`}`}
      flush
    >
      {live.teams.length === 0 && <p className="p-4 text-sm text-muted">Its matchmaker data lists no teams.</p>}
      {live.teams.map((team) => (
        <section key={team.name} aria-label={`Team ${team.name}`} className="border-t first:border-t-0">
          <h3 className="flex h-8 items-center gap-2 bg-sunken px-4 text-xs font-semibold">
            <bdi>{team.name}</bdi>
            <span className="font-normal text-muted">
              {team.players.length === 1 ? '1 player' : `${team.players.length} players`}
            </span>
          </h3>
          <ul>
            {team.players.map(({ playerId, attributes }) => (
              <li
                key={playerId}
                className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-0.5 border-t px-4 py-1 text-sm"
              >
                <CopyableId id={playerId} what="player id" room="medium" />
                {Object.entries(attributes).map(([name, value]) => (
                  <span key={name} className="text-xs break-all text-muted">
                    <bdi>{name}</bdi> <bdi className="text-text">{formatDataAttribute(value)}</bdi>
                  </span>
                ))}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Panel>
  )
}

function SessionFacts({ session }: { session: SessionView }) {
  const href = useHref()
  const { live, source, told } = session
  return (
    <Panel
      title="Facts"
      aside={
        live === null ? (
          'from what was recorded'
        ) : (
          <span>
            read <Ago at={live.readAt} />
          </span>
        )
      }
    >
      <Facts
        items={[
          { name: 'Configuration', value: session.configuration || 'not known' },
          {
            name: 'Match',
            value:
              session.matchId === null ? (
                'not known'
              ) : (
                <IdLink
                  href={href(`/matches/${encodeURIComponent(session.matchId)}`)}
                  id={session.matchId}
                  what="Match"
                  room="medium"
                />
              ),
          },
          { name: source === 'event' ? 'Placed' : 'Created', value: <Moment at={session.createdAt} precise /> },
          { name: 'Known from', value: <span className="break-all">{knownFrom(session)}</span> },
          ...(told === null ? [] : [{ name: 'Last seen', value: <LastSeen told={told} /> }]),
          ...(live === null
            ? recorded(session)
            : [
                { name: 'Location', value: live.location ?? 'not known' },
                { name: 'New players', value: live.creationPolicy ?? 'not known' },
              ]),
        ]}
      />
      {live && (
        <div className="mt-1.5">
          <ConnectionFacts
            connection={{ gameSessionArn: null, ipAddress: live.ipAddress, dnsName: live.dnsName, port: live.port }}
          />
        </div>
      )}
    </Panel>
  )
}

/** When GameLift spoke of it last, as was recorded, and what is doubtful of that. */
function LastSeen({ told }: { told: SessionToldView }) {
  const { why } = standingOf(told, useNow())
  return (
    <>
      <Ago at={told.seenAt} />
      {why !== null && <span className="text-warning"> · {why}</span>}
    </>
  )
}

/** In place of what is read now. */
function recorded(session: SessionView) {
  const { told } = session
  if (told === null) return []
  return [
    { name: 'Status then', value: told.status },
    { name: 'Players then', value: playersShown(session) },
    { name: 'New players then', value: told.creationPolicy ?? 'not known' },
  ]
}
