'use client'

import { useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { useDesk } from '#components/frame/desk.tsx'
import { queries } from '#components/live/queries.ts'
import { Panel } from '#components/ui/panel.tsx'
import type { QueueStateView } from '#lib/tickets/views.ts'
import { queueSentence } from './set-aside-words.ts'

/** The queues events are taken from, and whether they are emptied. Nothing where there are none. */
export function QueuePanel() {
  const { environment } = useDesk()
  const { data } = useQuery(queries.queues(environment.name))
  if (!data || data.length === 0) return null
  return (
    <Panel title="Queues" className="mb-5" flush>
      <ul>
        {data.map((queue) => (
          <QueueLine key={queue.queueUrl} queue={queue} />
        ))}
      </ul>
    </Panel>
  )
}

function QueueLine({ queue }: { queue: QueueStateView }) {
  const { name, queueUrl, hasDeadLetters, problem } = queue
  return (
    <li className="flex flex-col gap-1 border-t px-4 py-2 text-sm first:border-t-0">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <bdi className="font-mono text-[0.94em] break-all" title={queueUrl}>
          {name}
        </bdi>
        <span className={problem === null ? 'text-muted' : 'text-bad'}>{queueSentence(queue)}</span>
      </div>
      {hasDeadLetters === false && (
        <p className="flex items-start gap-1.5 text-muted">
          <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warning" aria-hidden />
          It has no dead letter queue. What cannot be used is kept here and deleted from the queue after five receives.
        </p>
      )}
    </li>
  )
}
