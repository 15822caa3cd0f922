import { clsx } from 'clsx'
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from './link.tsx'

interface ProblemProps {
  /** What happened, to which thing. */
  title: ReactNode
  /** What to do now. */
  children?: ReactNode
  requestId?: string | null
  action?: ReactNode
  tone?: 'bad' | 'warning'
  className?: string
}

/** Something went wrong, told where it did. Read out at once. */
export function Problem({ title, children, requestId = null, action, tone = 'bad', className }: ProblemProps) {
  return (
    <div
      role="alert"
      className={clsx(
        'flex items-start gap-2.5 rounded-md border bg-panel px-3 py-2.5 text-sm',
        tone === 'bad' ? 'border-bad/50' : 'border-warning/50',
        className,
      )}
    >
      <TriangleAlert
        className={clsx('mt-0.5 size-4 shrink-0', tone === 'bad' ? 'text-bad' : 'text-warning')}
        aria-hidden
      />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <div className="font-medium break-words">{title}</div>
        {children && <div className="text-muted">{children}</div>}
        {requestId && (
          <div className="text-xs text-faint">
            Request id <RequestId id={requestId} />
          </div>
        )}
      </div>
      {action}
    </div>
  )
}

/** A click or a question of ours leads to its row in the audit trail; what the framework calls a failure does not. */
function RequestId({ id }: { id: string }) {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
    return <span className="font-mono select-all">{id}</span>
  return (
    <Link
      href={`/audit?request=${id}`}
      prefetch={false}
      title="What the audit trail has about it"
      className="font-mono select-all hover:text-accent hover:underline"
    >
      {id}
    </Link>
  )
}
