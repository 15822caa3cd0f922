import { sessionName } from '#components/sessions/session-name.ts'
import { IdLink } from '#components/ui/id-link.tsx'
import { IdText } from '#components/ui/id-text.tsx'

interface TargetLinkProps {
  environment: string | null
  action: string
  target: string
  room?: 'short' | 'medium'
}

const ON_TICKETS = /^(ticket\.|match\.answer|backfill\.)/

/** What it was done to; a link where there is a page of it. */
export function TargetLink({ environment, action, target, room = 'short' }: TargetLinkProps) {
  const place = environment === null ? null : `/${encodeURIComponent(environment)}`
  if (place !== null && target.startsWith('arn:') && target.includes(':gamesession/')) {
    return (
      <IdLink
        href={`${place}/sessions/${encodeURIComponent(target)}`}
        id={target}
        shown={sessionName(target)}
        what="Session"
        room={room}
      />
    )
  }
  if (place !== null && ON_TICKETS.test(action)) {
    return <IdLink href={`${place}/tickets/${encodeURIComponent(target)}`} id={target} what="Ticket" room={room} />
  }
  return <IdText id={target} room={room} />
}
