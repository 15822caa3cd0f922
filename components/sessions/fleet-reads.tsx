'use client'

import { useDesk } from '#components/frame/desk.tsx'
import { Link } from '#components/ui/link.tsx'
import { Problem } from '#components/ui/problem.tsx'
import { Ago } from '#components/ui/time.tsx'
import type { FleetReadView } from '#lib/tickets/views.ts'

/** Whose sessions are listed, how old that is, and why one cannot be read. */
export function FleetReads({ fleets }: { fleets: FleetReadView[] }) {
  const { environment, whyNot } = useDesk()
  if (fleets.length === 0) {
    if (environment.kind === 'local') return null
    return <NoFleet name={environment.name} mayEdit={whyNot['environment.manage'] === null} />
  }
  const failing = fleets.filter(({ problem }) => problem !== null)
  const listed = fleets.filter(({ listedAt }) => listedAt !== null)
  return (
    <div className="mb-4 flex flex-col gap-2">
      {failing.map(({ fleet, problem, problemSince, listedAt }) => (
        <Problem
          key={fleet}
          tone="warning"
          title={
            <>
              {fleet} cannot be read
              {problemSince !== null && (
                <>
                  {' '}
                  since <Ago at={problemSince} />
                </>
              )}
            </>
          }
        >
          {problem}{' '}
          {listedAt === null ? (
            'It has not been read yet.'
          ) : (
            <>
              Last read <Ago at={listedAt} />.
            </>
          )}
        </Problem>
      ))}
      {listed.length > 0 && (
        <details className="text-sm text-muted">
          <summary className="min-h-6 leading-6">
            {listed.length === 1 ? '1 fleet or alias is listed' : `${listed.length} fleets and aliases are listed`}
          </summary>
          <ul aria-label="Fleets and aliases">
            {listed.map(({ fleet, listedAt, sessions }) => (
              <li key={fleet} className="break-all">
                {fleet}: {sessions === 1 ? '1 active session' : `${sessions} active sessions`}
                {listedAt !== null && (
                  <>
                    {' '}
                    <Ago at={listedAt} />
                  </>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

/** Without a list nobody tells when a session ends. */
function NoFleet({ name, mayEdit }: { name: string; mayEdit: boolean }) {
  return (
    <p className="mb-4 max-w-prose text-sm text-muted">
      No fleet has been read: only sessions that matches were placed in are here, and none says whether it still runs.{' '}
      {mayEdit ? (
        <Link
          href={`/environments/connect?environment=${encodeURIComponent(name)}`}
          className="font-medium text-accent hover:underline"
        >
          Name fleets or aliases
        </Link>
      ) : (
        'An administrator can name fleets or aliases in the environment.'
      )}
    </p>
  )
}
