'use client'

import { useHref } from '#components/frame/desk.tsx'
import { IdLink } from '#components/ui/id-link.tsx'
import { Link } from '#components/ui/link.tsx'
import { Facts } from '#components/ui/panel.tsx'
import { Moment } from '#components/ui/time.tsx'
import type { TicketView } from '#lib/tickets/views.ts'
import { KIND_WORDS } from './status-words.ts'
import { Waiting } from './waiting.tsx'

export function TicketFacts({ ticket }: { ticket: TicketView }) {
  const href = useHref()
  const open = ticket.endedAt === null && ticket.status !== 'GONE'
  return (
    <Facts
      items={[
        {
          name: 'Configuration',
          value: ticket.configuration ? (
            <Link
              className="hover:text-accent hover:underline"
              href={href(`/configurations#${encodeURIComponent(ticket.configuration)}`)}
              prefetch={false}
            >
              {ticket.configuration}
            </Link>
          ) : (
            'not known yet'
          ),
        },
        { name: 'Kind', value: KIND_WORDS[ticket.kind] },
        ...(ticket.matchId === null
          ? []
          : [
              {
                name: 'Match',
                value: (
                  <IdLink
                    href={href(`/matches/${encodeURIComponent(ticket.matchId)}`)}
                    id={ticket.matchId}
                    what="Match"
                    room="medium"
                  />
                ),
              },
            ]),
        { name: 'Started', value: <Moment at={ticket.startedAt} precise /> },
        ...(ticket.endedAt === null ? [] : [{ name: 'Ended', value: <Moment at={ticket.endedAt} precise /> }]),
        { name: open ? 'Waiting for' : 'Took', value: <Waiting ticket={ticket} /> },
        ...(ticket.estimatedWaitSeconds === null
          ? []
          : [{ name: 'Estimated wait', value: `${ticket.estimatedWaitSeconds} s, says GameLift` }]),
        { name: 'Status reason', value: ticket.statusReason ?? <span className="text-faint">none given</span> },
        { name: 'Status message', value: ticket.statusMessage ?? <span className="text-faint">none given</span> },
        ...(ticket.described
          ? []
          : [{ name: 'Described', value: 'not yet: attributes, latency and kind may be missing' }]),
      ]}
    />
  )
}
