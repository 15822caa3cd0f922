'use client'

import { clsx } from 'clsx'
import { COLOUR_NAMES, COLOURS } from '#components/environments/colours.ts'
import { Panel } from '#components/ui/panel.tsx'
import type { EnvironmentInput } from '#lib/environments/environment-input.ts'
import type { EnvironmentColour, Protection } from '#lib/tickets/views.ts'
import { Choice, LinesField, TextField } from './field.tsx'

export interface DraftProps {
  draft: EnvironmentInput
  change: (change: Partial<EnvironmentInput>) => void
}
const GRID = 'grid gap-x-6 gap-y-4 sm:grid-cols-2'

const PROTECTIONS: { value: Protection; text: string }[] = [
  { value: 'open', text: 'Open: for development' },
  { value: 'guarded', text: 'Guarded: for testing' },
  { value: 'protected', text: 'Protected: for players' },
]

interface WhereProps extends DraftProps {
  isNew: boolean
  isBuiltIn: boolean
}

export function Where({ draft, change, isNew, isBuiltIn }: WhereProps) {
  return (
    <Panel title="Where">
      <div className={GRID}>
        <TextField
          label="Name"
          hint="Part of every address: lower-case letters, digits and hyphens. It stays."
          value={draft.name}
          readOnly={!isNew}
          placeholder="prod-eu"
          onChange={(name) => change({ name })}
        />
        <TextField label="Label" value={draft.label} onChange={(label) => change({ label })} />
        <Choice
          label="Colour"
          hint={<span className={clsx('block h-1.5 rounded-full', COLOURS[draft.colour])} aria-hidden />}
          value={draft.colour}
          options={COLOUR_NAMES.map((value) => ({ value, text: value }))}
          onChange={(colour: EnvironmentColour) => change({ colour })}
        />
        <Choice
          label="Protection"
          hint="Decides which role may do what there."
          value={draft.protection}
          options={PROTECTIONS}
          onChange={(protection) => change({ protection })}
        />
        <TextField
          label="Days to keep events"
          value={String(draft.retentionDays || '')}
          onChange={(days) => change({ retentionDays: wholeNumber(days) })}
        />
        {!isBuiltIn && (
          <>
            <Choice
              label="Kind"
              value={draft.kind}
              options={[
                { value: 'aws', text: 'GameLift in AWS' },
                { value: 'local', text: 'An engine at an address of its own' },
              ]}
              onChange={(kind) => change({ kind })}
            />
            <TextField
              label="Region"
              value={draft.region}
              placeholder="eu-central-1"
              onChange={(region) => change({ region: region.trim() })}
            />
            <TextField
              label="Account"
              hint="Twelve digits. Events of another account are refused. Empty: any."
              value={draft.accountId ?? ''}
              placeholder="111122223333"
              onChange={(accountId) => change({ accountId: accountId.trim() || null })}
            />
            <TextField
              label="Endpoint"
              hint={
                draft.kind === 'aws'
                  ? 'Empty for the address of AWS. Another one must be public and https.'
                  : 'Where the engine listens, for example http://127.0.0.1:9080'
              }
              value={draft.endpoint ?? ''}
              onChange={(endpoint) => change({ endpoint: endpoint.trim() || null })}
            />
            <TextField
              label="Calls per second"
              hint="To GameLift, by all of Matchdesk together."
              value={String(draft.callsPerSecond || '')}
              onChange={(calls) => change({ callsPerSecond: Number(calls.replace(/[^\d.]/g, '')) })}
            />
          </>
        )}
      </div>
    </Panel>
  )
}

export function Who({ draft, change }: DraftProps) {
  const { credentials } = draft
  const set = (name: keyof typeof credentials) => (value: string) => {
    const { [name]: _, ...others } = credentials
    change({ credentials: value.trim() === '' ? others : { ...others, [name]: value.trim() } })
  }
  return (
    <Panel title="Who">
      <p className="mb-4 max-w-prose text-sm text-muted">
        Matchdesk takes the credentials it was started with: environment variables, a profile, web identity or the role
        of its machine. No key is typed in here, and none is stored.
      </p>
      <div className={GRID}>
        <TextField
          label="Role to read"
          hint="ARN. Empty: whoever Matchdesk runs as."
          mono
          value={credentials.readRoleArn ?? ''}
          placeholder="arn:aws:iam::111122223333:role/matchdesk-read"
          onChange={set('readRoleArn')}
        />
        <TextField
          label="Role to act"
          hint="ARN, for cancelling, answering and backfill."
          mono
          value={credentials.writeRoleArn ?? ''}
          placeholder="arn:aws:iam::111122223333:role/matchdesk-act"
          onChange={set('writeRoleArn')}
        />
        <TextField
          label="External id"
          hint="What both roles ask for, where the account is somebody else's."
          value={credentials.externalId ?? ''}
          onChange={set('externalId')}
        />
        <TextField
          label="Profile"
          hint="In the AWS configuration files of the machine Matchdesk runs on."
          value={credentials.profile ?? ''}
          onChange={set('profile')}
        />
      </div>
    </Panel>
  )
}

interface FollowProps extends DraftProps {
  /** As GameLift listed them; null before it was asked. */
  known: readonly string[] | null
}

export function Follow({ draft, change, known }: FollowProps) {
  return (
    <Panel title="What to follow">
      <div className={GRID}>
        <LinesField
          label="Configurations"
          hint={
            known === null
              ? 'One per line. Empty: all of them.'
              : `One per line. Empty: all of them, now ${known.join(', ') || 'none'}.`
          }
          values={draft.configurations ?? []}
          onChange={(names) => change({ configurations: names.length === 0 ? null : names })}
        />
        <LinesField
          label="Fleets and aliases"
          hint="One per line. Their game sessions are listed, also those that no match made."
          values={draft.fleets}
          onChange={(fleets) => change({ fleets })}
        />
      </div>
    </Panel>
  )
}

function wholeNumber(text: string): number {
  return Number(text.replace(/\D/g, ''))
}
