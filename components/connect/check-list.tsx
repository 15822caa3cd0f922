'use client'

import { CircleCheck, CircleDashed, CircleX, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { newRequestId } from '#components/live/request-id.ts'
import { Button } from '#components/ui/button.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Problem } from '#components/ui/problem.tsx'
import { checkConnection } from '#lib/connect/actions.ts'
import { CHECK_PARTS, type Check, type CheckPart, type Found } from '#lib/connect/check.ts'
import { UNKNOWN_ACCOUNT } from '#lib/connect/names.ts'
import type { EnvironmentInput } from '#lib/environments/environment-input.ts'
import { unwrap } from '#lib/flexmatch/result.ts'

const PARTS: Record<CheckPart, string> = {
  who: 'Identity',
  reads: 'Reading',
  writes: 'Acting, tried on what does not exist',
  channels: 'Queues and topics',
}
const STATES = {
  ok: { icon: CircleCheck, colour: 'text-good', text: 'Allowed' },
  refused: { icon: CircleX, colour: 'text-bad', text: 'Refused' },
  failed: { icon: TriangleAlert, colour: 'text-warning', text: 'Could not be told' },
} as const

type Results = Partial<Record<CheckPart, Check[]>>

interface CheckListProps {
  draft: EnvironmentInput
  onFound: (found: Found) => void
}

/** Every permission, asked for by a call that changes nothing. Each part shows as soon as it has answered. */
export function CheckList({ draft, onFound }: CheckListProps) {
  const [results, setResults] = useState<Results>({})
  const [asking, setAsking] = useState<CheckPart | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [askedFor, setAskedFor] = useState<string | null>(null)

  async function run() {
    setResults({})
    setProblem(null)
    setAskedFor(judged(draft))
    const given = withoutBlanks(draft)
    try {
      for (const part of CHECK_PARTS) {
        setAsking(part)
        const found = unwrap<Found>(await checkConnection({ requestId: newRequestId(), part, given }))
        setResults((before) => ({ ...before, [part]: found.checks }))
        onFound(found)
      }
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'The checks could not be run.')
    } finally {
      setAsking(null)
    }
  }

  const all = Object.values(results).flat()
  const bad = all.filter(({ state }) => state !== 'ok')
  const missing = [...new Set(bad.flatMap((check) => check.missing ?? []))]
  const done = asking === null && problem === null && all.length > 0
  return (
    <Panel
      title="Checks"
      aside={
        <Button size="small" pending={asking !== null} onClick={run}>
          {asking === null ? (all.length === 0 ? 'Run the checks' : 'Run them again') : 'Checking …'}
        </Button>
      }
    >
      <p className="max-w-prose text-sm text-muted">
        Each permission is tried by a call that changes nothing. An environment can be saved with some missing: what
        they are for does not work until they are there.
      </p>
      {problem !== null && <Problem className="mt-3" title={problem.replace(/^given\./, '')} />}
      {askedFor !== null && askedFor !== judged(draft) && asking === null && (
        <p className="mt-3 text-sm text-warning">Something was changed since these answers: run the checks again.</p>
      )}
      <div role="status" className="sr-only">
        {done && (bad.length === 0 ? 'All checks passed.' : `${bad.length} of ${all.length} checks did not pass.`)}
      </div>
      {CHECK_PARTS.map((part) => {
        const checks = results[part]
        if (asking !== part && (checks === undefined || checks.length === 0)) return null
        return (
          <section key={part} aria-label={PARTS[part]} className="mt-4">
            <h3 className="text-xs font-medium text-muted">{PARTS[part]}</h3>
            <ul className="mt-1 flex flex-col">
              {checks?.map((check) => (
                <CheckLine key={check.id} check={check} />
              ))}
              {checks === undefined && (
                <li className="flex items-center gap-2 py-1 text-sm text-muted">
                  <CircleDashed className="size-4" aria-hidden />
                  Asking …
                </li>
              )}
            </ul>
          </section>
        )
      })}
      {missing.length > 0 && (
        <p className="mt-4 text-sm">
          Missing: <code className="font-mono text-xs break-words">{missing.join(', ')}</code>. The policies below grant
          them.
        </p>
      )}
    </Panel>
  )
}

/** Who one is there can be asked before everything has a name, and has to be: the account is in the answer. */
function withoutBlanks(draft: EnvironmentInput): EnvironmentInput {
  const { channels } = draft
  const isWhole = (text: string) => !text.includes(UNKNOWN_ACCOUNT)
  const name = draft.name || 'unnamed'
  return {
    ...draft,
    name,
    label: draft.label.trim() || name,
    channels: {
      ...channels,
      sqs: channels.sqs.filter(({ queueUrl }) => isWhole(queueUrl)),
      sns: { topicArns: channels.sns.topicArns.filter(isWhole) },
    },
  }
}

/** What the answers depend on. */
function judged({ kind, region, endpoint, credentials, channels, configurations, fleets }: EnvironmentInput): string {
  return JSON.stringify([kind, region, endpoint, credentials, channels, configurations, fleets])
}

function CheckLine({ check: { asks, state, said } }: { check: Check }) {
  const { icon: Icon, colour, text } = STATES[state]
  return (
    <li className="flex items-start gap-2 py-1 text-sm">
      <Icon className={`mt-0.5 size-4 shrink-0 ${colour}`} aria-hidden />
      <span className="min-w-0 break-words">
        <span className="sr-only">{text}: </span>
        {asks}
        {said !== null && (
          <span className={state === 'ok' ? 'text-muted' : `block ${colour}`}>
            {state === 'ok' && ' · '}
            {said}
          </span>
        )}
      </span>
    </li>
  )
}
