import { clsx } from 'clsx'
import { Lock, ShieldAlert, Unlock } from 'lucide-react'
import type { EnvironmentView, Protection } from '#lib/tickets/views.ts'

const TAGS: Record<Protection, { text: string; icon: typeof Lock; look: string }> = {
  open: { text: 'Open', icon: Unlock, look: 'border-line-strong text-muted' },
  guarded: { text: 'Guarded', icon: ShieldAlert, look: 'border-warning border-dashed text-warning' },
  // Filled, with a lock: told apart from the others in grey too.
  protected: { text: 'Protected', icon: Lock, look: 'border-transparent bg-bad-fill text-on-accent' },
}

/** Where one is: name, region and how far it is protected. In the header and in every dialog. */
export function EnvironmentTag({ environment, short = false }: { environment: EnvironmentView; short?: boolean }) {
  const { text, icon: Icon, look } = TAGS[environment.protection]
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5 text-sm whitespace-nowrap">
      <span className="truncate font-semibold">{environment.name}</span>
      <span className={clsx('text-xs text-muted', short && 'max-md:hidden')}>{environment.region}</span>
      <span
        className={clsx(
          'inline-flex h-5 items-center gap-1 rounded border px-1.5 text-2xs font-semibold uppercase',
          look,
        )}
      >
        <Icon className="size-3" aria-hidden />
        <span className={clsx(short && environment.protection === 'open' && 'max-sm:sr-only')}>{text}</span>
      </span>
    </span>
  )
}
