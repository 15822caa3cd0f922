'use client'

import { OctagonPause } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { Link } from '#components/ui/link.tsx'
import { Moment } from '#components/ui/time.tsx'
import { useDesk } from './desk.tsx'

/** Over every page while something is stopped for everybody: what, by whom, and where to look. */
export function Brakes() {
  const { switches: drawn } = useDesk()
  const router = useRouter()
  const { data: on = drawn } = useQuery({ ...queries.switches(), initialData: drawn })
  const names = on.map(({ name }) => name).join()
  const drawnNames = useRef(names)
  useEffect(() => {
    if (drawnNames.current === names) return
    drawnNames.current = names
    // What every control says was written by the server.
    router.refresh()
  }, [names, router])
  const readOnly = on.find(({ name }) => name === 'read-only')
  const others = on.length - (readOnly ? 1 : 0)
  if (on.length === 0) return null
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-warning bg-raised px-4 py-1.5 text-sm lg:px-6"
    >
      <OctagonPause className="size-4 shrink-0 text-warning" aria-hidden />
      <span className="min-w-0 break-words">
        <strong className="font-semibold">
          {readOnly ? 'Read-only.' : others === 1 ? '1 action is stopped.' : `${others} actions are stopped.`}
        </strong>{' '}
        {readOnly ? (
          readOnly.fixed ? (
            'Matchdesk was started so: nothing can be changed.'
          ) : (
            <>
              Nothing can be changed since <Moment at={readOnly.since} />: {readOnly.by} switched it so
              {readOnly.reason !== null && <> ({readOnly.reason})</>}.
            </>
          )
        ) : (
          'For everybody, in every environment.'
        )}
      </span>
      <Link href="/environments/switches" className="min-h-6 font-medium text-accent hover:underline">
        Switches
      </Link>
    </div>
  )
}
