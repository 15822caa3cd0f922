import { clsx } from 'clsx'
import { type ReactNode, useId } from 'react'

interface PanelProps {
  title: ReactNode
  /** At the right of the title: small facts or actions. */
  aside?: ReactNode
  children: ReactNode
  className?: string
  /** Content brings its own padding (tables). */
  flush?: boolean
}

/** One labelled part of a page. */
export function Panel({ title, aside, children, className, flush = false }: PanelProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={clsx('min-w-0 rounded-lg border bg-panel', className)}>
      <div className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-1.5">
        <h2 id={id} className="text-sm font-semibold">
          {title}
        </h2>
        {aside && (
          <div className="ml-auto flex flex-wrap items-center justify-end gap-2 text-xs text-muted">{aside}</div>
        )}
      </div>
      <div className={clsx(!flush && 'p-4')}>{children}</div>
    </section>
  )
}

/** Names and values, aligned. */
export function Facts({ items }: { items: readonly { name: string; value: ReactNode }[] }) {
  return (
    <dl className="grid grid-cols-[minmax(88px,auto)_minmax(0,1fr)] items-baseline gap-x-4 gap-y-1.5 text-sm">
      {items.map(({ name, value }) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
