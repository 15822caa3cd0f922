import Link from 'next/link'
import { CopyButton } from './copy-button.tsx'
import { IdText, middle } from './id-text.tsx'

interface IdLinkProps {
  href: string
  id: string
  /** What the id is of: "Match". Read out before it. */
  what: string
  /** Shown in place of the id, where a part of it is enough. */
  shown?: string
  length?: number
  className?: string
}

/** An id that leads to its thing, with a copy button for the whole of it. */
export function IdLink({ href, id, what, shown = id, length = 18, className }: IdLinkProps) {
  return (
    <span className="inline-flex min-w-0 items-center gap-0.5">
      <Link
        href={href}
        prefetch={false}
        aria-label={`${what} ${shown}`}
        className={`inline-flex min-h-6 items-center hover:text-accent hover:underline ${className ?? ''}`}
      >
        {length > 12 && <IdText id={shown} length={11} className="sm:hidden" />}
        <IdText id={shown} length={length} className={length > 12 ? 'max-sm:hidden' : undefined} />
      </Link>
      <CopyButton text={id} label={`${what.toLowerCase()} ${middle(id, 40)}`} className="max-sm:hidden" />
    </span>
  )
}
