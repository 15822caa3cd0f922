import { clsx } from 'clsx'
import { CircleCheck, CirclePause, CircleStop, LoaderCircle, type LucideIcon } from 'lucide-react'
import type { BulkState } from '#lib/bulk/views.ts'
import { STATE_WORDS } from './bulk-words.ts'

const LOOKS: Record<BulkState, { icon: LucideIcon; colour: string }> = {
  previewed: { icon: CirclePause, colour: 'text-muted' },
  running: { icon: LoaderCircle, colour: 'text-motion' },
  paused: { icon: CirclePause, colour: 'text-attention' },
  aborted: { icon: CircleStop, colour: 'text-warning' },
  finished: { icon: CircleCheck, colour: 'text-good' },
}

export function RunState({ state, badge = false }: { state: BulkState; badge?: boolean }) {
  const { icon: Icon, colour } = LOOKS[state]
  return (
    <span
      className={clsx(
        'inline-flex items-center gap-1.5 font-medium whitespace-nowrap',
        colour,
        badge && 'h-6 rounded-full border border-current/40 bg-current/5 px-2 text-sm tracking-normal',
      )}
    >
      <Icon className="size-3.5 shrink-0" aria-hidden strokeWidth={2.25} />
      {STATE_WORDS[state]}
    </span>
  )
}
