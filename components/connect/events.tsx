'use client'

import { useState } from 'react'
import { Panel } from '#components/ui/panel.tsx'
import { namesOf } from '#lib/connect/names.ts'
import { LinesField, TextField, Tick } from './field.tsx'
import type { DraftProps } from './where-and-who.tsx'

interface EventsProps extends DraftProps {
  publicUrl: string
  onPublicUrl: (url: string) => void
}

/** The ways events come. A tick suggests the name under which the template makes the thing. */
export function Events({ draft, change, publicUrl, onPublicUrl }: EventsProps) {
  // A field of lines keeps what is typed: it begins anew when something is put into it.
  const [suggested, setSuggested] = useState(0)
  const { channels, kind } = draft
  const names = namesOf(draft)
  const set = (changed: Partial<typeof channels>) => change({ channels: { ...channels, ...changed } })
  const suggest = (changed: Partial<typeof channels>) => {
    set(changed)
    setSuggested((count) => count + 1)
  }
  const queues = channels.sqs.map(({ queueUrl }) => queueUrl)
  return (
    <Panel title="Where events come from">
      {kind === 'local' ? (
        <p className="max-w-prose text-sm text-muted">
          An engine posts its events to Matchdesk itself: save the environment, then make a secret for it below. The
          other ways are for what stands in for AWS beside it.
        </p>
      ) : (
        <p className="max-w-prose text-sm text-muted">
          One is enough. With two, what one of them loses comes by the other, and Matchdesk can tell how much each
          loses. The same event by several is one event.
        </p>
      )}
      <div className="mt-4 flex flex-col gap-5">
        <div className="flex flex-col gap-2">
          <Tick
            label="A queue of SQS (recommended)"
            hint="Matchdesk fetches from it. Nothing has to reach Matchdesk from outside, and what comes while it is away waits."
            checked={queues.length > 0}
            onChange={(on) => suggest({ sqs: on ? [{ queueUrl: names.queueUrl }] : [] })}
          />
          {queues.length > 0 && (
            <div className="sm:ml-6">
              <LinesField
                key={`${suggested} ${draft.accountId}`}
                label="Addresses of queues"
                hint="One service should feed them: what a rule and a topic both send to a queue counts twice."
                values={queues}
                onChange={(urls) => set({ sqs: urls.map((queueUrl) => ({ queueUrl })) })}
              />
            </div>
          )}
        </div>
        <div className="flex flex-col gap-2">
          <Tick
            label="A topic of SNS"
            hint="GameLift publishes to it, and it posts to Matchdesk by https."
            checked={channels.sns.topicArns.length > 0}
            onChange={(on) => suggest({ sns: { topicArns: on ? [names.topicArn] : [] } })}
          />
          {channels.sns.topicArns.length > 0 && (
            <div className="sm:ml-6">
              <LinesField
                key={`${suggested} ${draft.accountId}`}
                label="ARNs of topics"
                hint="Messages of any other topic are refused."
                values={channels.sns.topicArns}
                onChange={(topicArns) => set({ sns: { topicArns } })}
              />
            </div>
          )}
        </div>
        <Tick
          label="A rule of EventBridge"
          hint="It posts to Matchdesk by https, with a secret in a header."
          checked={channels.eventbridge}
          onChange={(eventbridge) => set({ eventbridge })}
        />
        {(kind === 'local' || channels.eventbridge || channels.sns.topicArns.length > 0) && (
          <div className="max-w-md">
            <TextField
              label="Address of Matchdesk for senders"
              hint="As it is reached from there. It is not stored: it only stands in what you copy."
              value={publicUrl}
              onChange={(url) => onPublicUrl(url.trim().replace(/\/+$/, ''))}
            />
          </div>
        )}
      </div>
    </Panel>
  )
}
