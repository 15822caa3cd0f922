import { clsx } from 'clsx'
import { Ban, CircleCheck, CircleHelp, CircleX, Hourglass, type LucideIcon, TriangleAlert } from 'lucide-react'
import { OUTCOME_WORDS } from './audit-words.ts'

const LOOKS: Readonly<Record<string, { icon: LucideIcon; colour: string }>> = {
  done: { icon: CircleCheck, colour: 'text-good' },
  refused: { icon: CircleX, colour: 'text-warning' },
  failed: { icon: TriangleAlert, colour: 'text-bad' },
  unknown: { icon: CircleHelp, colour: 'text-warning' },
  denied: { icon: Ban, colour: 'text-bad' },
  open: { icon: Hourglass, colour: 'text-motion' },
}

/** What came of it: text, icon and colour, the same everywhere. */
export function OutcomeLabel({ outcome }: { outcome: string | null }) {
  const name = outcome ?? 'open'
  const { icon: Icon, colour } = LOOKS[name] ?? { icon: CircleHelp, colour: 'text-muted' }
  return (
    <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap">
      <Icon className={clsx('size-4 shrink-0', colour)} aria-hidden strokeWidth={2} />
      {OUTCOME_WORDS[name] ?? name}
    </span>
  )
}
