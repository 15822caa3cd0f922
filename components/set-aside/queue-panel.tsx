'use client'

import { TriangleAlert } from 'lucide-react'
import { AskFirst } from '#components/frame/ask-first.tsx'
import { useDesk } from '#components/frame/desk.tsx'
import type { Grounds } from '#components/frame/grounds-fields.tsx'
import { queries } from '#components/live/queries.ts'
import { useAction } from '#components/live/use-action.ts'
import { useQuery, useQueryClient } from '#components/live/use-query.tsx'
import { ActionProblem } from '#components/tickets/action-problem.tsx'
import { Button } from '#components/ui/button.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { drainDeadLetters } from '#lib/channels/set-aside-actions.ts'
import type { RedriveResult } from '#lib/channels/set-aside-inputs.ts'
import type { QueueStateView } from '#lib/tickets/views.ts'
import { messages, queueSentence, redriveSentence } from './set-aside-words.ts'

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
      {hasDeadLetters && <DeadLetters queue={queue} />}
      {hasDeadLetters === false && (
        <p className="flex items-start gap-1.5 text-muted">
          <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warning" aria-hidden />
          It has no dead letter queue. What cannot be used is kept here and deleted from the queue after five receives.
        </p>
      )}
    </li>
  )
}

/** What the queue has put away. Taking it can be repeated: an event the index has is known to it. */
function DeadLetters({ queue }: { queue: QueueStateView }) {
  const { environment, whyNot } = useDesk()
  const client = useQueryClient()
  const { run, pending, data, error } = useAction<{ environment: string; queueUrl: string } & Grounds, RedriveResult>(
    drainDeadLetters,
    () => client.invalidateQueries(),
  )
  const count = queue.deadLetters ?? 0
  // The outcome stays when there is nothing left to take.
  if (count === 0 && !pending && !data && !error) return null
  return (
    <div className="flex flex-col gap-1">
      {(count > 0 || pending) && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="text-muted">About {messages(count)} among its dead letters.</span>
          <AskFirst
            action="ingest.redrive"
            title={`Take the dead letters of ${queue.name}`}
            confirm="Take dead letters"
            says="What cannot be used stays among them."
            pending={pending}
            failure={error && <ActionProblem error={error} />}
            onGo={(grounds) => run({ environment: environment.name, queueUrl: queue.queueUrl, ...grounds })}
          >
            {(ask) => (
              <Button size="small" disabledReason={whyNot['ingest.redrive']} pending={pending} onClick={ask}>
                Take dead letters
              </Button>
            )}
          </AskFirst>
        </div>
      )}
      {data && (
        <p role="status" className="font-medium">
          {redriveSentence(data)}
        </p>
      )}
      {error && <ActionProblem error={error} />}
    </div>
  )
}
