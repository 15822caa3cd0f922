'use client'

import { useHref } from '#components/frame/desk.tsx'
import { sessionName } from '#components/sessions/session-name.ts'
import { IdText } from '#components/ui/id-text.tsx'
import { Link } from '#components/ui/link.tsx'
import type { LinkedText } from './linked-text.ts'

const LINK = 'underline decoration-line-strong underline-offset-2 hover:text-accent hover:decoration-current'

export function Linked({ text }: { text: LinkedText }) {
  const href = useHref()
  return text.map((part) => {
    if (typeof part === 'string') return part
    if ('ticketId' in part) {
      return (
        <Link
          key={part.ticketId}
          href={href(`/tickets/${encodeURIComponent(part.ticketId)}`)}
          prefetch={false}
          aria-label={`Ticket ${part.ticketId}`}
          className={LINK}
        >
          <IdText id={part.ticketId} room="medium" />
        </Link>
      )
    }
    const name = sessionName(part.gameSessionArn)
    return (
      <Link
        key={part.gameSessionArn}
        href={href(`/sessions/${encodeURIComponent(part.gameSessionArn)}`)}
        prefetch={false}
        aria-label={`Game session ${name}`}
        className={LINK}
      >
        <IdText id={name} room="medium" />
      </Link>
    )
  })
}
