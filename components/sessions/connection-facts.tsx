'use client'

import Link from 'next/link'
import { useHref } from '#components/frame/desk.tsx'
import { CopyableId } from '#components/ui/id-text.tsx'
import { Facts } from '#components/ui/panel.tsx'
import type { ConnectionView } from '#lib/tickets/views.ts'

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
                value: <CopyableId id={port === null ? host : `${host}:${port}`} what="address" length={48} />,
              },
            ]),
        ...(ipAddress !== null && dnsName !== null ? [{ name: 'IP address', value: ipAddress }] : []),
        ...(gameSessionArn === null
          ? []
          : [
              {
                name: 'Game session',
                value: (
                  <span className="inline-flex min-w-0 flex-wrap items-center">
                    <Link
                      className="hover:text-accent hover:underline"
                      href={href(`/sessions/${encodeURIComponent(gameSessionArn)}`)}
                      prefetch={false}
                    >
                      look at the session
                    </Link>
                    <CopyableId id={gameSessionArn} what="game session ARN" length={36} className="ml-2 text-muted" />
                  </span>
                ),
              },
            ]),
      ]}
    />
  )
}
