'use client'

import { clsx } from 'clsx'
import { useRouter } from 'next/navigation'
import { type FormEvent, useId, useState } from 'react'
import { FiltersButton } from '#components/lists/filters-button.tsx'
import { Button } from '#components/ui/button.tsx'
import { Link } from '#components/ui/link.tsx'

interface Choice {
  value: string
  text: string
}
interface AuditFiltersProps {
  /** As the address has it. */
  filter: Readonly<Record<string, string>>
  environments: readonly string[]
  actions: readonly Choice[]
  outcomes: readonly Choice[]
  /** null where somebody sees their own rows only. */
  names: readonly string[] | null
}

const CONTROL = 'h-8 w-full min-w-0 rounded-md border border-line-strong bg-panel px-2 text-sm'

/** What narrows the list. A form of the address itself: it works before any script has come. */
export function AuditFilters({ filter, environments, actions, outcomes, names }: AuditFiltersProps) {
  const router = useRouter()
  const [unfolded, setUnfolded] = useState(false)
  const fieldsId = useId()
  const namesId = useId()
  const narrowed = Object.keys(filter).length > 0

  function go(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    // Empty fields say nothing, so the address does not have them either.
    const given = [...new FormData(event.currentTarget)].flatMap(([name, value]) =>
      typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : [],
    )
    router.push(`/audit${given.length > 0 ? `?${new URLSearchParams(given)}` : ''}`, { scroll: false })
  }

  return (
    <div className="border-b px-3 py-2">
      <FiltersButton
        controls={fieldsId}
        unfolded={unfolded}
        narrowed={narrowed}
        onToggle={() => setUnfolded(!unfolded)}
      />
      <form
        id={fieldsId}
        action="/audit"
        onSubmit={go}
        aria-label="Filters"
        className={clsx(
          'grid grid-cols-2 items-end gap-2 max-md:mt-2 md:grid-cols-4',
          names === null
            ? 'xl:grid-cols-[repeat(4,minmax(0,1fr))_repeat(2,minmax(12rem,1fr))_auto]'
            : 'xl:grid-cols-[repeat(5,minmax(0,1fr))_repeat(2,minmax(12rem,1fr))_auto]',
          !unfolded && 'max-md:hidden',
        )}
      >
        {names !== null && (
          <Field label="Person">
            <input name="person" list={namesId} defaultValue={filter.person} className={CONTROL} autoComplete="off" />
            <datalist id={namesId}>
              {names.map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
          </Field>
        )}
        <Field label="Environment">
          <Select
            name="environment"
            value={filter.environment}
            any="Any"
            choices={environments.map((value) => ({ value, text: value }))}
          />
        </Field>
        <Field label="Action">
          <Select name="action" value={filter.action} any="Any" choices={actions} />
        </Field>
        <Field label="Outcome">
          <Select name="outcome" value={filter.outcome} any="Any" choices={outcomes} />
        </Field>
        <Field label="Target">
          <input
            name="target"
            defaultValue={filter.target}
            placeholder="The whole id"
            className={CONTROL}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <Field label="From (UTC)">
          <input name="from" type="datetime-local" defaultValue={localOf(filter.from)} className={CONTROL} />
        </Field>
        <Field label="To (UTC)">
          <input name="to" type="datetime-local" defaultValue={localOf(filter.to)} className={CONTROL} />
        </Field>
        {filter.request !== undefined && <input type="hidden" name="request" value={filter.request} />}
        <div className="flex items-center gap-2">
          <Button type="submit" look="primary">
            Filter
          </Button>
          {narrowed && (
            <Link
              href="/audit"
              className="inline-flex h-8 items-center px-1 text-sm text-muted hover:text-accent hover:underline"
            >
              Clear
            </Link>
          )}
        </div>
      </form>
    </div>
  )
}

function Field({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is what stands inside
    <label className="flex min-w-0 flex-col gap-1 text-xs text-muted">
      {label}
      {children}
    </label>
  )
}

interface SelectProps {
  name: string
  value: string | undefined
  any: string
  choices: readonly Choice[]
}

function Select({ name, value = '', any, choices }: SelectProps) {
  const known = value === '' || choices.some((choice) => choice.value === value)
  return (
    <select name={name} defaultValue={value} className={clsx(CONTROL, 'text-text')}>
      <option value="">{any}</option>
      {!known && <option value={value}>{value}</option>}
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.text}
        </option>
      ))}
    </select>
  )
}

/** A date field takes no zone; the list reads times without one as UTC. */
function localOf(time: string | undefined): string | undefined {
  if (time === undefined) return undefined
  const ms = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time}Z`)
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString().slice(0, 16)
}
