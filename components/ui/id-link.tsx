import { clsx } from 'clsx'
import { Link } from '#components/ui/link.tsx'
import { CopyButton } from './copy-button.tsx'
import { IdText } from './id-text.tsx'

interface IdLinkProps {
  href: string
  id: string
  /** What the id is of: "Match". Read out before it. */
  what: string
  /** Shown in place of the id, where a part of it is enough. */
  shown?: string
  room?: 'short' | 'row' | 'medium'
  className?: string
}

/** An id that leads to its thing, with a copy button for the whole of it where there is room. */
export function IdLink({ href, id, what, shown = id, room, className }: IdLinkProps) {
  return (
    <span className="inline-flex min-w-0 items-center gap-0.5">
      <Link
        href={href}
        prefetch={false}
        aria-label={`${what} ${shown}`}
        className={clsx('inline-flex min-h-6 items-center hover:text-accent hover:underline', className)}
      >
        <IdText id={shown} room={room} />
      </Link>
      <CopyButton text={id} label={`${what.toLowerCase()} ${id}`} className="max-sm:hidden" />
    </span>
  )
}
