'use client'

import { AskFirst } from '#components/frame/ask-first.tsx'
import { useDesk } from '#components/frame/desk.tsx'
import type { Grounds } from '#components/frame/grounds-fields.tsx'
import { useAction } from '#components/live/use-action.ts'
import { useQueryClient } from '#components/live/use-query.tsx'
import { ActionProblem } from '#components/tickets/action-problem.tsx'
import { Button } from '#components/ui/button.tsx'
import { dropSetAside, redriveSetAside } from '#lib/channels/set-aside-actions.ts'
import type { RedriveResult } from '#lib/channels/set-aside-inputs.ts'
import type { SetAsideRow } from '#lib/tickets/views.ts'
import { messages, redriveSentence } from './set-aside-words.ts'

interface SetAsideActionsProps {
  state: SetAsideRow['state']
  /** Ids of the chosen messages. */
  chosen: readonly string[]
  /** Whether there is anything at all. */
  any: boolean
  onDone: () => void
}

type RedriveRequest = { environment: string; ids: readonly string[] | 'waiting' } & Grounds
type DropRequest = { environment: string; ids: readonly string[] } & Grounds

/** Both can be repeated and taken back: an event the index has is known to it, and what was dropped can be redriven. */
export function SetAsideActions({ state, chosen, any, onDone }: SetAsideActionsProps) {
  const { environment, whyNot } = useDesk()
  const client = useQueryClient()
  const done = () => {
    onDone()
    return client.invalidateQueries()
  }
  const redrive = useAction<RedriveRequest, RedriveResult>(redriveSetAside, done)
  const drop = useAction<DropRequest, { dropped: number }>(dropSetAside, done)
  const refused = whyNot['ingest.redrive']
  const noneChosen = chosen.length === 0 ? 'Choose messages first.' : null
  const name = environment.name
  const error = redrive.error ?? drop.error
  const failure = error && <ActionProblem error={error} />
  return (
    <div className="flex flex-col gap-2 border-b px-3 py-2 sm:px-4">
      <div className="flex flex-wrap items-center gap-2">
        <span className="mr-auto text-sm text-muted" role="status">
          {chosen.length > 0 ? `${messages(chosen.length)} chosen` : ''}
        </span>
        {state === 'waiting' && (
          <AskFirst
            action="ingest.redrive"
            title={`Drop ${messages(chosen.length)}`}
            confirm="Drop"
            says="They are put away, and can be redriven from there."
            pending={drop.pending}
            failure={failure}
            onGo={(grounds) => {
              redrive.reset()
              drop.run({ environment: name, ids: chosen, ...grounds })
            }}
          >
            {(ask) => (
              <Button disabledReason={refused ?? noneChosen} pending={drop.pending} onClick={ask}>
                Drop
              </Button>
            )}
          </AskFirst>
        )}
        <AskFirst
          action="ingest.redrive"
          title={`Redrive ${messages(chosen.length)}`}
          confirm="Redrive"
          says="They are given to the index again. An event it has already is known to it."
          pending={redrive.pending && redrive.input?.ids !== 'waiting'}
          failure={failure}
          onGo={(grounds) => {
            drop.reset()
            redrive.run({ environment: name, ids: chosen, ...grounds })
          }}
        >
          {(ask) => (
            <Button
              look={chosen.length > 0 ? 'primary' : 'secondary'}
              disabledReason={refused ?? noneChosen}
              pending={redrive.pending && redrive.input?.ids !== 'waiting'}
              onClick={ask}
            >
              Redrive chosen
            </Button>
          )}
        </AskFirst>
        {state === 'waiting' && (
          <AskFirst
            action="ingest.redrive"
            title="Redrive all messages that wait"
            confirm="Redrive all"
            says="They are given to the index again. An event it has already is known to it."
            pending={redrive.pending && redrive.input?.ids === 'waiting'}
            failure={failure}
            onGo={(grounds) => {
              drop.reset()
              redrive.run({ environment: name, ids: 'waiting', ...grounds })
            }}
          >
            {(ask) => (
              <Button
                disabledReason={refused ?? (any ? null : 'Nothing waits.')}
                pending={redrive.pending && redrive.input?.ids === 'waiting'}
                onClick={ask}
              >
                Redrive all
              </Button>
            )}
          </AskFirst>
        )}
      </div>
      {redrive.data && <Outcome result={redrive.data} />}
      {drop.data && (
        <p role="status" className="text-sm">
          {messages(drop.data.dropped)} dropped. They are under Dropped, and can be redriven from there.
        </p>
      )}
      {failure}
    </div>
  )
}

function Outcome({ result }: { result: RedriveResult }) {
  return (
    <div role="status" className="text-sm">
      <p className="font-medium">{redriveSentence(result)}</p>
      {result.refused.length > 0 && (
        <ul className="mt-1 list-disc pl-5 text-muted">
          {result.refused.map(({ reason, count }) => (
            <li key={reason} className="[overflow-wrap:anywhere]">
              {messages(count)}: <bdi>{reason}</bdi>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
