import { clsx } from 'clsx'
import {
  CircleAlert,
  CircleArrowRight,
  CircleCheck,
  CircleSlash,
  CircleX,
  ClockAlert,
  type LucideIcon,
  Undo2,
} from 'lucide-react'
import type { MatchStatus } from '#lib/tickets/views.ts'

const LOOKS: Record<MatchStatus, { text: string; icon: LucideIcon; colour: string }> = {
  proposed: { text: 'Needs acceptance', icon: CircleAlert, colour: 'text-attention' },
  placing: { text: 'Placing', icon: CircleArrowRight, colour: 'text-placing' },
  completed: { text: 'Completed', icon: CircleCheck, colour: 'text-good' },
  rejected: { text: 'Rejected', icon: CircleSlash, colour: 'text-muted' },
  'not-answered': { text: 'Not answered in time', icon: ClockAlert, colour: 'text-warning' },
  withdrawn: { text: 'Withdrawn', icon: Undo2, colour: 'text-muted' },
  failed: { text: 'Failed', icon: CircleX, colour: 'text-bad' },
  'placement-timed-out': { text: 'Not placed in time', icon: ClockAlert, colour: 'text-warning' },
}

export function MatchStatusLabel({ status, badge = false }: { status: MatchStatus; badge?: boolean }) {
  const { text, icon: Icon, colour } = LOOKS[status]
  return (
    <span
      className={clsx(
        'inline-flex items-center gap-1.5 font-medium whitespace-nowrap',
        colour,
        badge && 'h-6 rounded-full border border-current/40 bg-current/5 px-2 text-sm tracking-normal',
      )}
    >
      <Icon className="size-3.5 shrink-0" aria-hidden strokeWidth={2.25} />
      {text}
    </span>
  )
}
