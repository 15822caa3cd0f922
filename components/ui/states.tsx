import { clsx } from 'clsx'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface EmptyProps {
  icon: LucideIcon
  title: string
  children?: ReactNode
  action?: ReactNode
  className?: string
}

/** Nothing to show, and what to do about it. */
export function Empty({ icon: Icon, title, children, action, className }: EmptyProps) {
  return (
    <div className={clsx('flex flex-col items-center gap-2 px-6 py-12 text-center', className)}>
      <Icon className="size-6 text-faint" aria-hidden strokeWidth={1.5} />
      <p className="font-medium">{title}</p>
      {children && <div className="max-w-md text-sm text-pretty text-muted">{children}</div>}
      {action && <div className="mt-2">{action}</div>}
    </div>
  )
}

/** The shape of rows that are on their way. */
export function SkeletonRows({ rows = 8, className }: { rows?: number; className?: string }) {
  return (
    <div className={clsx('appear-late', className)} role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all the same and never move
        <div key={index} className="flex h-8 items-center gap-6 border-b px-4 last:border-0">
          <span className="skeleton h-3 w-24" />
          <span className="skeleton h-3 w-40" />
          <span className="skeleton h-3 w-28 max-sm:hidden" />
          <span className="skeleton ml-auto h-3 w-12" />
        </div>
      ))}
    </div>
  )
}

/** The same inside the outline of a panel. */
export function SkeletonPanel() {
  return (
    <div className="rounded-lg border bg-panel">
      <SkeletonRows />
    </div>
  )
}

/** A whole page on its way: title, one line, one panel. */
export function SkeletonPage() {
  return (
    <div className="flex flex-col gap-5">
      <div className="appear-late flex flex-col gap-2">
        <span className="skeleton h-6 w-48" />
        <span className="skeleton h-4 w-80 max-w-full" />
      </div>
      <div className="rounded-lg border bg-panel">
        <SkeletonRows rows={10} />
      </div>
    </div>
  )
}
