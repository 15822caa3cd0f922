'use client'

import { clsx } from 'clsx'
import { CircleX } from 'lucide-react'
import { COLOURS } from '#components/environments/colours.ts'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { Link } from '#components/ui/link.tsx'
import { MENU_ITEM } from '#components/ui/menu.tsx'
import { useDesk } from './desk.tsx'
import { EnvironmentTag } from './environment-tag.tsx'

/** Asked how they are only when somebody looks: one that does not answer says so before one goes there. */
export function EnvironmentChoices({ close }: { close: () => void }) {
  const { environment, environments, nowhere = false } = useDesk()
  const { data: states } = useQuery(queries.environments())
  return (
    <>
      {environments.map((each) => {
        const down = states?.find(({ name }) => name === each.name)?.outage ?? null
        return (
          <Link
            key={each.name}
            href={`/${encodeURIComponent(each.name)}`}
            className={MENU_ITEM}
            aria-current={(!nowhere && each.name === environment.name) || undefined}
            onClick={close}
          >
            <span className={clsx('h-4 w-1 rounded-full', COLOURS[each.colour])} aria-hidden />
            <EnvironmentTag environment={each} />
            {down !== null && (
              <span className="ml-auto flex items-center gap-1 text-xs text-bad" title={down.message}>
                <CircleX className="size-3.5" aria-hidden />
                no answer
              </span>
            )}
          </Link>
        )
      })}
      <Link href="/environments" className={clsx(MENU_ITEM, 'border-t text-muted')} onClick={close}>
        All environments
      </Link>
    </>
  )
}
