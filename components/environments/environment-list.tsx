'use client'

import { clsx } from 'clsx'
import { CircleCheck, CircleX, FileText, Lock, Plus } from 'lucide-react'
import { useDesk } from '#components/frame/desk.tsx'
import { EnvironmentTag } from '#components/frame/environment-tag.tsx'
import { PageHeader } from '#components/frame/page-header.tsx'
import { Loaded } from '#components/live/loaded.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { BUTTON_LOOKS, BUTTON_SHAPE, BUTTON_SIZES, Button } from '#components/ui/button.tsx'
import { Link } from '#components/ui/link.tsx'
import { SkeletonPanel } from '#components/ui/states.tsx'
import { Ago, Moment } from '#components/ui/time.tsx'
import { DEFAULT_ENVIRONMENT } from '#lib/environments/environment.ts'
import type { EnvironmentStateView } from '#lib/tickets/views.ts'
import { COLOURS } from './colours.ts'
import { RemoveEnvironment } from './remove-environment.tsx'

/** What is known of an environment is known of the replica that answers: it is asked again now and then. */
const ASK_EVERY_MS = 5_000

export function EnvironmentList() {
  const { whyNot } = useDesk()
  const query = useQuery({ ...queries.environments(), refetchInterval: ASK_EVERY_MS })
  const refusal = whyNot['environment.manage']
  return (
    <>
      <PageHeader
        title="Environments"
        line="Each is one GameLift account and region. When one does not answer, the others go on."
        actions={
          <>
            <Link
              href="/environments/switches"
              className={clsx(BUTTON_SHAPE, BUTTON_SIZES.medium, BUTTON_LOOKS.secondary)}
            >
              Switches
            </Link>
            <LinkOr href="/environments/connect" refusal={refusal} look="primary">
              <Plus className="size-4" aria-hidden />
              Connect an environment
            </LinkOr>
          </>
        }
      />
      <Loaded query={query} what="the environments" skeleton={<SkeletonPanel />}>
        {(environments) => (
          <ul className="flex flex-col gap-3">
            {environments.map((each) => (
              <Environment key={each.name} environment={each} refusal={refusal} />
            ))}
          </ul>
        )}
      </Loaded>
    </>
  )
}

function Environment({ environment, refusal }: { environment: EnvironmentStateView; refusal: string | null }) {
  const { name, label, colour, kind, accountId, endpoint, outage, lastEventAt, managedBy, onProductionList } =
    environment
  const href = `/${encodeURIComponent(name)}`
  const why =
    refusal ??
    (managedBy === 'file' ? 'It comes from the file of environments: change it there, and start again.' : null)
  return (
    <li className="relative overflow-hidden rounded-lg border bg-panel">
      <span className={clsx('absolute inset-y-0 left-0 w-1', COLOURS[colour])} aria-hidden />
      <article aria-label={name} className="flex flex-wrap items-start gap-x-6 gap-y-3 py-3 pr-4 pl-5">
        <div className="flex min-w-0 flex-1 basis-64 flex-col gap-1">
          <h2 className="flex flex-wrap items-center gap-x-2">
            <Link href={href} className="min-h-6 hover:text-accent hover:underline">
              <EnvironmentTag environment={environment} />
            </Link>
          </h2>
          <p className="text-sm break-words text-muted">
            {label}
            {' · '}
            {kind === 'aws' ? `AWS account ${accountId ?? 'not said'}` : `engine at ${endpoint}`}
            <span className="sr-only">, colour {colour}</span>
          </p>
          {onProductionList && (
            <p className="flex items-center gap-1.5 text-xs text-muted">
              <Lock className="size-3.5" aria-hidden />
              Protected, whatever it is set to: its account is on the production list
            </p>
          )}
          {managedBy === 'file' && (
            <p className="flex items-center gap-1.5 text-xs text-muted">
              <FileText className="size-3.5" aria-hidden />
              From the file of environments
            </p>
          )}
        </div>
        <div className="flex min-w-0 flex-1 basis-64 flex-col gap-1 text-sm">
          {outage === null ? (
            <p className="flex items-center gap-1.5">
              <CircleCheck className="size-4 shrink-0 text-good" aria-hidden />
              GameLift answers
            </p>
          ) : (
            <p className="flex items-start gap-1.5 text-bad">
              <CircleX className="mt-0.5 size-4 shrink-0" aria-hidden />
              <span className="min-w-0 break-words">
                GameLift does not answer since <Moment at={outage.since} />: {outage.message}
              </span>
            </p>
          )}
          <p className="text-muted">
            {lastEventAt === null ? (
              'No event has come yet'
            ) : (
              <>
                Last event <Ago at={lastEventAt} />
              </>
            )}
            {' · '}
            <Link href={`${href}/health`} className="inline-block min-h-6 hover:text-accent hover:underline">
              health
            </Link>
          </p>
        </div>
        <div className="flex items-center gap-2">
          <LinkOr href={`/environments/connect?environment=${encodeURIComponent(name)}`} refusal={why} look="secondary">
            Edit
          </LinkOr>
          {name !== DEFAULT_ENVIRONMENT && <RemoveEnvironment environment={environment} refusal={why} />}
        </div>
      </article>
    </li>
  )
}

interface LinkOrProps {
  href: string
  refusal: string | null
  look: 'primary' | 'secondary'
  children: React.ReactNode
}

/** A link that looks like a button, or the button that says why it leads nowhere. */
function LinkOr({ href, refusal, look, children }: LinkOrProps) {
  if (refusal !== null) return <Button disabledReason={refusal}>{children}</Button>
  return (
    <Link href={href} className={clsx(BUTTON_SHAPE, BUTTON_SIZES.medium, BUTTON_LOOKS[look])}>
      {children}
    </Link>
  )
}
