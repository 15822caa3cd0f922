'use client'

import { clsx } from 'clsx'
import { ClockFading, X } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { startTransition, useId, useOptimistic, useState } from 'react'
import { useDesk, useHref } from '#components/frame/desk.tsx'
import { FiltersButton } from '#components/lists/filters-button.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { Button } from '#components/ui/button.tsx'
import { TICKET_KINDS, type TicketKind } from '#lib/flexmatch/status.ts'
import type { TicketFilter } from '#lib/tickets/views.ts'
import { KIND_WORDS } from './status-words.ts'
import { changeFilter, narrows, ticketFilterQuery, UNNARROWED } from './ticket-filter.ts'

const CONTROL = 'h-8 max-w-full min-w-0 rounded-md border border-line-strong bg-panel px-2 text-sm'
const AGES = [
  { seconds: 30, text: '30 s' },
  { seconds: 60, text: '1 min' },
  { seconds: 300, text: '5 min' },
  { seconds: 900, text: '15 min' },
  { seconds: 3600, text: '1 h' },
]

/** Everything that narrows the list; each change is a new address. */
export function TicketFilters({ filter: shown }: { filter: TicketFilter }) {
  // What was chosen stands at once, and the next choice adds to it, while the list of the one before is on its way.
  const [filter, setFilter] = useOptimistic(shown)
  const { environment, whyNot } = useDesk()
  const [unfolded, setUnfolded] = useState(false)
  const fieldsId = useId()
  const href = useHref()
  const router = useRouter()
  const { data: overview } = useQuery(queries.overview(environment.name))
  const names = (overview?.configurations ?? []).map(({ configuration }) => configuration)
  if (filter.configuration !== null && !names.includes(filter.configuration)) names.unshift(filter.configuration)
  const ages = AGES.some(({ seconds }) => seconds === filter.minAgeSeconds) || filter.minAgeSeconds === null
  const go = (change: Partial<TicketFilter>) =>
    startTransition(() => {
      const next = changeFilter(filter, change)
      setFilter(next)
      router.push(href(`/tickets${ticketFilterQuery(next)}`), { scroll: false })
    })

  return (
    <div className="border-b px-3 py-2">
      <FiltersButton
        controls={fieldsId}
        unfolded={unfolded}
        narrowed={narrows(filter)}
        onToggle={() => setUnfolded(!unfolded)}
      />
      <fieldset
        id={fieldsId}
        aria-label="Filters"
        className={clsx('flex flex-wrap items-center gap-2 max-md:mt-2', !unfolded && 'max-md:hidden')}
      >
        <select
          aria-label="Configuration"
          className={CONTROL}
          value={filter.configuration ?? ''}
          onChange={(event) => go({ configuration: event.target.value || null })}
        >
          <option value="">Any configuration</option>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <select
          aria-label="Kind"
          className={CONTROL}
          value={filter.kind ?? ''}
          onChange={(event) => go({ kind: (event.target.value || null) as TicketKind | null })}
        >
          <option value="">Any kind</option>
          {TICKET_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {KIND_WORDS[kind]}
            </option>
          ))}
        </select>
        <TextFilter
          key={`player ${filter.playerId}`}
          label="Player id"
          value={filter.playerId}
          disabledReason={whyNot['player.search']}
          onChange={(playerId) => go({ playerId })}
        />
        <TextFilter
          key={`ticket ${filter.ticketId}`}
          label="Ticket id starts with"
          value={filter.ticketId}
          onChange={(ticketId) => go({ ticketId })}
        />
        <select
          aria-label="Started at least this long ago"
          className={CONTROL}
          value={filter.minAgeSeconds ?? ''}
          onChange={(event) => go({ minAgeSeconds: Number(event.target.value) || null })}
        >
          <option value="">Any age</option>
          {!ages && <option value={filter.minAgeSeconds ?? ''}>Age ≥ {filter.minAgeSeconds} s</option>}
          {AGES.map(({ seconds, text }) => (
            <option key={seconds} value={seconds}>
              Age ≥ {text}
            </option>
          ))}
        </select>
        <Button
          aria-pressed={filter.presumed}
          title="Only tickets whose status nothing has stated yet"
          className={clsx('font-normal', filter.presumed && 'border-warning bg-active')}
          onClick={() => go({ presumed: !filter.presumed })}
        >
          <ClockFading className="size-3.5 text-warning" aria-hidden />
          Presumed
          {filter.presumed && <X className="size-3.5" aria-hidden />}
        </Button>
        {narrows(filter) && (
          <Button look="ghost" onClick={() => go(UNNARROWED)}>
            <X className="size-3.5" aria-hidden />
            Clear
          </Button>
        )}
        <select
          aria-label="Order"
          className={`${CONTROL} ml-auto`}
          value={filter.order}
          onChange={(event) => go({ order: event.target.value === 'oldest' ? 'oldest' : 'newest' })}
        >
          <option value="newest">Newest first</option>
          <option value="oldest">Oldest first</option>
        </select>
      </fieldset>
    </div>
  )
}

interface TextFilterProps {
  label: string
  value: string | null
  disabledReason?: string | null
  onChange: (value: string | null) => void
}

/** Acts on Enter and when left: not on every letter, because each change is a page. */
function TextFilter({ label, value, disabledReason = null, onChange }: TextFilterProps) {
  const [text, setText] = useState(value ?? '')
  const reasonId = useId()
  const act = () => {
    const next = text.trim() === '' ? null : text.trim()
    if (next !== value) onChange(next)
  }
  return (
    <>
      <input
        aria-label={label}
        aria-describedby={disabledReason ? reasonId : undefined}
        title={disabledReason ?? undefined}
        readOnly={disabledReason !== null}
        placeholder={label}
        value={text}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onBlur={act}
        onKeyDown={(event) => event.key === 'Enter' && act()}
        className={`${CONTROL} w-40 read-only:cursor-not-allowed read-only:bg-sunken`}
      />
      {disabledReason && (
        <span id={reasonId} className="sr-only">
          {disabledReason}
        </span>
      )}
    </>
  )
}
