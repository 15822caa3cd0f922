import { clsx } from 'clsx'

interface SwitchProps {
  on: boolean
  onChange: (on: boolean) => void
  label: string
  pending?: boolean
  disabledReason?: string | null
}

export function Switch({ on, onChange, label, pending = false, disabledReason = null }: SwitchProps) {
  const off = pending || disabledReason !== null
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      aria-label={disabledReason ? `${label}. ${disabledReason}` : label}
      aria-disabled={off || undefined}
      aria-busy={pending || undefined}
      title={disabledReason ?? label}
      onClick={() => !off && onChange(!on)}
      className="inline-flex h-6 w-9 shrink-0 items-center justify-center rounded-full aria-disabled:cursor-not-allowed aria-disabled:opacity-60"
    >
      <span
        aria-hidden
        className={clsx(
          'flex h-4 w-7 items-center rounded-full border px-0.5 transition-colors',
          on ? 'border-transparent bg-accent-fill' : 'border-control-line bg-transparent',
          pending && 'hatched',
        )}
      >
        <span
          className={clsx('size-2.5 rounded-full transition-transform', on ? 'translate-x-3 bg-on-accent' : 'bg-muted')}
        />
      </span>
    </button>
  )
}
