import { clsx } from 'clsx'
import {
  CircleAlert,
  CircleArrowRight,
  CircleCheck,
  CircleDashed,
  CircleDotDashed,
  CircleQuestionMark,
  CircleSlash,
  CircleX,
  ClockAlert,
  type LucideIcon,
} from 'lucide-react'
import type { IndexedStatus } from '#lib/flexmatch/status.ts'
import { STATUS_WORDS } from './status-words.ts'

/** Text, icon and colour of a status, the same on every screen. */
export const STATUS_LOOKS: Record<IndexedStatus, { icon: LucideIcon; colour: string }> = {
  QUEUED: { icon: CircleDotDashed, colour: 'text-muted' },
  SEARCHING: { icon: CircleDashed, colour: 'text-motion' },
  REQUIRES_ACCEPTANCE: { icon: CircleAlert, colour: 'text-attention' },
  PLACING: { icon: CircleArrowRight, colour: 'text-placing' },
  COMPLETED: { icon: CircleCheck, colour: 'text-good' },
  CANCELLED: { icon: CircleSlash, colour: 'text-muted' },
  TIMED_OUT: { icon: ClockAlert, colour: 'text-warning' },
  FAILED: { icon: CircleX, colour: 'text-bad' },
  GONE: { icon: CircleQuestionMark, colour: 'text-faint' },
}

interface StatusLabelProps {
  status: IndexedStatus
  /** As a badge with a border, for headers. */
  badge?: boolean
  className?: string
}

export function StatusLabel({ status, badge = false, className }: StatusLabelProps) {
  const { icon: Icon, colour } = STATUS_LOOKS[status]
  return (
    <span
      title={`${STATUS_WORDS[status]} (${status})`}
      className={clsx(
        'inline-flex items-center gap-1.5 font-medium whitespace-nowrap',
        colour,
        badge && 'h-6 rounded-full border border-current/40 bg-current/5 px-2 text-sm tracking-normal',
        className,
      )}
    >
      <Icon className="size-3.5 shrink-0" aria-hidden strokeWidth={2.25} />
      {STATUS_WORDS[status]}
    </span>
  )
}
