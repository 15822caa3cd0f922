'use client'

import { clsx } from 'clsx'
import {
  CircleArrowRight,
  CircleDashed,
  CircleDot,
  CircleDotDashed,
  CircleX,
  Eye,
  Flag,
  Hourglass,
  type LucideIcon,
  MessageSquareReply,
  MessageSquareWarning,
  Send,
  Server,
  Users,
} from 'lucide-react'
import { useHref } from '#components/frame/desk.tsx'
import { CHANNEL_WORDS } from '#components/set-aside/set-aside-words.ts'
import { useNow } from '#components/ui/clock.tsx'
import { formatDuration, formatElapsed } from '#components/ui/format-time.ts'
import { IdText } from '#components/ui/id-text.tsx'
import { Link } from '#components/ui/link.tsx'
import { Moment } from '#components/ui/time.tsx'
import type { TimelineEntry } from '#lib/tickets/views.ts'
import { Linked } from './linked.tsx'
import { ForcedMark } from './marks.tsx'
import { queuedAgain } from './superseded-words.ts'
import { AnswerTime } from './waiting.tsx'

const LOOKS: Record<TimelineEntry['kind'], { icon: LucideIcon; colour: string }> = {
  queued: { icon: CircleDotDashed, colour: 'text-muted' },
  searching: { icon: CircleDashed, colour: 'text-motion' },
  proposed: { icon: Users, colour: 'text-attention' },
  answer: { icon: MessageSquareReply, colour: 'text-muted' },
  'acceptance-completed': { icon: CircleDot, colour: 'text-muted' },
  'match-dropped': { icon: CircleX, colour: 'text-muted' },
  placing: { icon: CircleArrowRight, colour: 'text-placing' },
  placement: { icon: Server, colour: 'text-muted' },
  end: { icon: Flag, colour: 'text-text' },
  request: { icon: Hourglass, colour: 'text-accent' },
  observation: { icon: Eye, colour: 'text-faint' },
}

/** Once something is known of a request it is no longer shown as under way. */
const TAKEN: Record<NonNullable<TimelineEntry['taken']>, { icon: LucideIcon; colour: string }> = {
  done: { icon: Send, colour: 'text-accent' },
  refused: { icon: CircleX, colour: 'text-bad' },
  unknown: { icon: MessageSquareWarning, colour: 'text-warning' },
}

interface TimelineProps {
  entries: readonly TimelineEntry[]
  /** The ticket, while it is open: the last line then is now. */
  open: { status: 'QUEUED' | 'SEARCHING' | 'REQUIRES_ACCEPTANCE' | 'PLACING'; acceptanceDeadline: string | null } | null
}

/** What happened, when, how long each step took, and who asked for what. */
export function Timeline({ entries, open }: TimelineProps) {
  const href = useHref()
  return (
    <ol className="flex flex-col text-sm">
      {entries.map((entry, index) => {
        const { icon: Icon, colour } = entry.taken === null ? LOOKS[entry.kind] : TAKEN[entry.taken]
        const inner = entry.kind === 'answer' || entry.kind === 'request'
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: two entries may be alike in everything but their place
            key={`${entry.at} ${index}`}
            className="grid grid-cols-[88px_16px_minmax(0,1fr)_auto] items-start gap-x-2.5 py-1"
          >
            <Moment at={entry.at} precise className="text-xs leading-5 text-muted" />
            <Icon className={clsx('mt-0.5 size-4', colour)} aria-hidden strokeWidth={2} />
            <div className={clsx('min-w-0', inner && 'pl-2')}>
              <span className={clsx('break-words', !inner && 'font-medium')}>{entry.text}</span>
              {entry.matchId !== null && entry.kind === 'proposed' && (
                <>
                  {' '}
                  <Link
                    href={href(`/matches/${encodeURIComponent(entry.matchId)}`)}
                    prefetch={false}
                    aria-label={`Match ${entry.matchId}`}
                    className="text-muted hover:text-accent hover:underline"
                  >
                    <IdText id={entry.matchId} />
                  </Link>
                </>
              )}
              {entry.forced && <ForcedMark />}
              <Channels names={entry.channels} />
              {entry.by !== null && <span className="text-muted"> by {entry.by}</span>}
              {entry.auditId !== undefined && (
                <Link
                  href={`/audit/${entry.auditId}`}
                  prefetch={false}
                  className="ml-2 text-xs text-muted hover:text-accent hover:underline"
                >
                  audit
                </Link>
              )}
              {entry.supersededBy !== null && (
                <p className="text-xs break-words">
                  <Linked text={queuedAgain(entry.supersededBy)} />
                </p>
              )}
              {entry.detail !== null && <p className="text-xs break-words text-muted">{entry.detail}</p>}
            </div>
            <span className="text-xs leading-5 text-muted">
              {entry.durationMs === null || entry.durationMs < 10 ? '' : formatDuration(entry.durationMs)}
            </span>
          </li>
        )
      })}
      {open && <Now since={entries.findLast(isPhase)?.at ?? null} open={open} />}
    </ol>
  )
}

/** Small and quiet: of interest when one of them is in doubt. */
function Channels({ names }: { names: TimelineEntry['channels'] }) {
  if (names.length === 0) return null
  const words = names.map((name) => CHANNEL_WORDS[name])
  return (
    <span title={`Came by ${words.join(', ')}`} className="ml-2 text-xs whitespace-nowrap text-faint">
      <span className="sr-only">came by </span>
      {words.join(' · ')}
    </span>
  )
}

function isPhase({ kind }: TimelineEntry): boolean {
  return kind === 'queued' || kind === 'searching' || kind === 'proposed' || kind === 'placing'
}

function Now({ since, open }: { since: string | null; open: NonNullable<TimelineProps['open']> }) {
  const now = useNow()
  return (
    <li className="mt-1 grid grid-cols-[88px_16px_minmax(0,1fr)_auto] items-start gap-x-2.5 border-t border-dashed pt-2 text-muted">
      <span className="text-xs leading-5">now</span>
      <span />
      <AnswerTime ticket={open} />
      <span className="col-start-4 text-xs leading-5" suppressHydrationWarning>
        {since !== null && formatElapsed(now - Date.parse(since))}
      </span>
    </li>
  )
}
