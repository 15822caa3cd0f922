'use client'

import { useRouter } from 'next/navigation'
import { useCallback, useState } from 'react'
import { useDesk } from '#components/frame/desk.tsx'
import { type Grounds, GroundsFields, groundsOf } from '#components/frame/grounds-fields.tsx'
import { PageHeader } from '#components/frame/page-header.tsx'
import { useAction } from '#components/live/use-action.ts'
import { useQueryClient } from '#components/live/use-query.tsx'
import { Button } from '#components/ui/button.tsx'
import { Problem } from '#components/ui/problem.tsx'
import type { Found } from '#lib/connect/check.ts'
import { UNKNOWN_ACCOUNT } from '#lib/connect/names.ts'
import { saveEnvironment } from '#lib/environments/actions.ts'
import type { EnvironmentInput } from '#lib/environments/environment-input.ts'
import { CheckList } from './check-list.tsx'
import { Events } from './events.tsx'
import { WaitForEvents } from './wait-for-events.tsx'
import { WhatToCreate } from './what-to-create.tsx'
import { Follow, Where, Who } from './where-and-who.tsx'

interface ConnectWizardProps {
  initial: EnvironmentInput
  /** null for a new environment. */
  revision: number | null
  isBuiltIn: boolean
  publicUrl: string
}
type SaveInput = { environment?: string; revision: number | null; given: EnvironmentInput } & Grounds

/** From an address to the first event, on one page: each step can be gone back to, and nothing is kept before "Save". */
export function ConnectWizard({ initial, revision: edited, isBuiltIn, publicUrl: ownUrl }: ConnectWizardProps) {
  const { whyNot } = useDesk()
  const client = useQueryClient()
  const router = useRouter()
  const [draft, setDraft] = useState(initial)
  const [revision, setRevision] = useState(edited)
  const [saved, setSaved] = useState<EnvironmentInput | null>(edited === null ? null : initial)
  const [known, setKnown] = useState<string[] | null>(null)
  const [publicUrl, setPublicUrl] = useState(ownUrl)
  const change = useCallback((changed: Partial<EnvironmentInput>) => setDraft((old) => ({ ...old, ...changed })), [])
  const { run, pending, error } = useAction<SaveInput, { name: string; revision: number }>(
    saveEnvironment,
    (outcome, { given }) => {
      setSaved(given)
      setRevision(outcome.revision)
      // Whoever loads the page again goes on with this one; what is on it, checks and all, stays until then.
      window.history.replaceState(null, '', `/environments/connect?environment=${encodeURIComponent(outcome.name)}`)
      // The switch in the header is drawn by the server.
      router.refresh()
      return client.invalidateQueries()
    },
  )
  const isNew = revision === null
  const changed = saved !== draft

  function onFound({ account, configurations }: Found) {
    if (configurations) setKnown(configurations)
    if (account) setDraft((old) => (old.accountId === null ? withAccount(old, account) : old))
  }

  return (
    <>
      <PageHeader
        title={isNew ? 'Connect an environment' : `Edit ${draft.name}`}
        line={
          isNew
            ? 'A GameLift account and region: who Matchdesk is there, where its events come from, and whether they do.'
            : 'What is changed here holds as soon as it is saved.'
        }
      />
      <form
        className="flex max-w-4xl flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          // A label says more than a name, but nobody has to think of one.
          const given = { ...draft, label: draft.label.trim() || draft.name }
          setDraft(given)
          run({ ...(isNew ? {} : { environment: given.name }), revision, given, ...groundsOf(event.currentTarget) })
        }}
      >
        <Where draft={draft} change={change} isNew={isNew} isBuiltIn={isBuiltIn} />
        {!isBuiltIn && (
          <>
            {draft.kind === 'aws' && <Who draft={draft} change={change} />}
            <CheckList draft={draft} onFound={onFound} />
            <Follow draft={draft} change={change} known={known} />
            <Events draft={draft} change={change} publicUrl={publicUrl} onPublicUrl={setPublicUrl} />
            {draft.kind === 'aws' && <WhatToCreate draft={draft} publicUrl={publicUrl} />}
          </>
        )}
        {error && (
          <Problem title={error.message.replace(/^given\.?/, '')} requestId={error.requestId || null}>
            Nothing was saved.
          </Problem>
        )}
        <div className="max-w-md text-sm">
          {/* Begins anew with every save: the next one has its own reason. */}
          <GroundsFields key={revision} action="environment.manage" word={draft.name} />
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" look="primary" pending={pending} disabledReason={whyNot['environment.manage']}>
            {isNew ? 'Add environment' : 'Save changes'}
          </Button>
          <p role="status" className="text-sm text-muted">
            {pending
              ? 'Saving …'
              : saved === null
                ? 'Nothing is saved yet.'
                : changed
                  ? 'There are changes that are not saved.'
                  : 'Saved.'}
          </p>
        </div>
      </form>
      {saved !== null && !isBuiltIn && (
        <div className="mt-4 max-w-4xl">
          <WaitForEvents saved={saved} publicUrl={publicUrl} />
        </div>
      )}
    </>
  )
}

/** The account is known now: it goes wherever its place was held. */
function withAccount(draft: EnvironmentInput, accountId: string): EnvironmentInput {
  const { channels } = draft
  const named = (text: string) => text.replaceAll(UNKNOWN_ACCOUNT, accountId)
  return {
    ...draft,
    accountId,
    channels: {
      ...channels,
      sqs: channels.sqs.map(({ queueUrl }) => ({ queueUrl: named(queueUrl) })),
      sns: { topicArns: channels.sns.topicArns.map(named) },
    },
  }
}
