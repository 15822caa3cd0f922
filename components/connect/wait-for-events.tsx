'use client'

import { CircleCheck, CircleDashed, CircleX } from 'lucide-react'
import { AskFirst } from '#components/frame/ask-first.tsx'
import { useDesk } from '#components/frame/desk.tsx'
import type { Grounds } from '#components/frame/grounds-fields.tsx'
import { fetchJson } from '#components/live/fetch-json.ts'
import { Loaded } from '#components/live/loaded.tsx'
import { useAction } from '#components/live/use-action.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { ActionProblem } from '#components/tickets/action-problem.tsx'
import { Button } from '#components/ui/button.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Link } from '#components/ui/link.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Moment } from '#components/ui/time.tsx'
import { openConfirmation, rotateChannelSecret } from '#lib/channels/actions.ts'
import type { RotatedSecret } from '#lib/channels/channel-inputs.ts'
import type { ArrivalView } from '#lib/connect/arrival.ts'
import { arrivalSteps } from '#lib/connect/arrival-steps.ts'
import type { EnvironmentInput } from '#lib/environments/environment-input.ts'

const ASK_EVERY_MS = 1_500
const STATES = {
  done: { icon: CircleCheck, colour: 'text-good', text: 'Done' },
  waiting: { icon: CircleDashed, colour: 'text-muted', text: 'Waiting' },
  problem: { icon: CircleX, colour: 'text-bad', text: 'Problem' },
} as const

interface WaitForEventsProps {
  /** As it is saved. */
  saved: EnvironmentInput
  publicUrl: string
}

/** From the secret to the first ticket, each step done as soon as it has happened. */
export function WaitForEvents({ saved, publicUrl }: WaitForEventsProps) {
  const { name, kind, channels } = saved
  const path = `/api/environments/${encodeURIComponent(name)}/arrival`
  const query = useQuery({
    queryKey: ['arrival', name],
    queryFn: ({ signal }) => fetchJson<ArrivalView>(path, signal),
    refetchInterval: ASK_EVERY_MS,
  })
  return (
    <Panel title="Wait for the first event">
      <Loaded query={query} what="what has come">
        {(view) => (
          <div className="flex flex-col gap-4">
            <ul aria-label="Steps" className="flex flex-col">
              {arrivalSteps(saved, view).map(({ id, text, state, said }) => {
                const { icon: Icon, colour, text: stateText } = STATES[state]
                return (
                  <li key={id} className="flex items-start gap-2 py-1 text-sm">
                    <Icon className={`mt-0.5 size-4 shrink-0 ${colour}`} aria-hidden />
                    <span className="min-w-0 break-words">
                      <span className="sr-only">{stateText}: </span>
                      {text}
                      {said !== null && <span className={`block ${colour}`}>{said}</span>}
                    </span>
                  </li>
                )
              })}
            </ul>
            {view.newestTicketId !== null && (
              <p className="text-sm" role="status">
                <Link
                  className="inline-block min-h-6 font-medium text-accent hover:underline"
                  href={`/${encodeURIComponent(name)}/tickets/${encodeURIComponent(view.newestTicketId)}`}
                >
                  Look at its newest ticket
                </Link>
              </p>
            )}
            {kind === 'local' && <Secret environment={name} channel="webhook" publicUrl={publicUrl} />}
            {channels.eventbridge && <Secret environment={name} channel="eventbridge" publicUrl={publicUrl} />}
            {channels.sns.topicArns.length > 0 && <Confirmation environment={name} />}
          </div>
        )}
      </Loaded>
    </Panel>
  )
}

interface SecretProps {
  environment: string
  channel: 'webhook' | 'eventbridge'
  publicUrl: string
}

function Secret({ environment, channel, publicUrl }: SecretProps) {
  const { run, pending, error, data } = useAction<
    { environment: string; channel: string; endOldNow: boolean } & Grounds,
    RotatedSecret
  >(rotateChannelSecret)
  const { whyNot } = useDesk()
  const sender = channel === 'webhook' ? 'the engine' : 'EventBridge'
  const target = [
    { name: 'matchdesk', url: `${publicUrl}/api/ingest/${environment}`, secret: data?.secret, type: 'eventbridge' },
  ]
  return (
    <section aria-label={`Secret for ${sender}`} className="flex flex-col items-start gap-2 border-t pt-3">
      <p className="text-sm text-muted">
        What {sender} shows to be known. It is shown once; a new one leaves the one before it good for a day.
      </p>
      <AskFirst
        action="channel.secret"
        title={`Make a secret for ${sender}`}
        confirm="Make a secret"
        word={environment}
        pending={pending}
        failure={error && <ActionProblem error={error} />}
        onGo={(grounds) => run({ environment, channel, endOldNow: false, ...grounds })}
      >
        {(ask) => (
          <Button pending={pending} disabledReason={whyNot['channel.secret']} onClick={ask}>
            Make a secret for {sender}
          </Button>
        )}
      </AskFirst>
      {error && <ActionProblem error={error} />}
      {data?.secret && (
        <div className="flex w-full min-w-0 flex-col gap-2" role="status">
          <p className="text-sm">
            {channel === 'webhook' ? 'Start the engine with this variable:' : 'Copy it now:'}
            {data.endsOldAt !== null && (
              <>
                {' '}
                The one before it ends <Moment at={data.endsOldAt} />.
              </>
            )}
          </p>
          <CodeBlock
            label={`secret for ${sender}`}
            code={channel === 'webhook' ? `MATCHDESK_EVENT_TARGETS='${JSON.stringify(target)}'` : data.secret}
          />
        </div>
      )}
    </section>
  )
}

function Confirmation({ environment }: { environment: string }) {
  const { run, pending, error } = useAction<{ environment: string } & Grounds, { waitsUntil: string }>(openConfirmation)
  const { whyNot } = useDesk()
  return (
    <section aria-label="Subscription of SNS" className="flex flex-col items-start gap-2 border-t pt-3">
      <p className="text-sm text-muted">
        A subscription is confirmed only while somebody waits for it: begin here, then subscribe the topic.
      </p>
      <AskFirst
        action="channel.confirm"
        title="Wait for the subscription of the topic"
        confirm="Wait for the subscription"
        word={environment}
        pending={pending}
        failure={error && <ActionProblem error={error} />}
        onGo={(grounds) => run({ environment, ...grounds })}
      >
        {(ask) => (
          <Button pending={pending} disabledReason={whyNot['channel.confirm']} onClick={ask}>
            Wait for the subscription (15 min)
          </Button>
        )}
      </AskFirst>
      {error && <ActionProblem error={error} />}
    </section>
  )
}
