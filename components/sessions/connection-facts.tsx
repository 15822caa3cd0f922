'use client'

import { useHref } from '#components/frame/desk.tsx'
import { IdLink } from '#components/ui/id-link.tsx'
import { CopyableId } from '#components/ui/id-text.tsx'
import { Facts } from '#components/ui/panel.tsx'
import type { ConnectionView } from '#lib/tickets/views.ts'
import { sessionName } from './session-name.ts'

/** Where players connect to. */
export function ConnectionFacts({ connection }: { connection: ConnectionView }) {
  const href = useHref()
  const { gameSessionArn, ipAddress, dnsName, port } = connection
  const host = dnsName ?? ipAddress
  return (
    <Facts
      items={[
        ...(host === null
          ? []
          : [
              {
                name: 'Connect to',
                value: <CopyableId id={port === null ? host : `${host}:${port}`} what="address" room="all" />,
              },
            ]),
        ...(ipAddress !== null && dnsName !== null ? [{ name: 'IP address', value: ipAddress }] : []),
        ...(gameSessionArn === null
          ? []
          : [
              {
                name: 'Game session',
                value: (
                  <IdLink
                    href={href(`/sessions/${encodeURIComponent(gameSessionArn)}`)}
                    id={gameSessionArn}
                    shown={sessionName(gameSessionArn)}
                    what="Game session"
                    room="medium"
                  />
                ),
              },
            ]),
      ]}
    />
  )
}
