import { Link2, ShieldAlert, ShieldCheck } from 'lucide-react'
import { Problem } from '#components/ui/problem.tsx'
import { Ago, Moment } from '#components/ui/time.tsx'
import type { ChainView } from '#lib/audit/check.ts'

/** Longer than two turns of whoever signs: then nobody does. */
const OLD_SIGNATURE_MS = 3 * 60_000

/** Whether the trail is as it was sealed, and up to where that is known. */
export function ChainLine({ chain, now }: { chain: ChainView; now: number }) {
  const { sealed, signedAt, check } = chain
  if (check?.problem) {
    return (
      <Problem title="The audit trail is not as it was sealed." className="mb-4">
        {check.problem} Found <Ago at={check.at} />. Run <code>npm run audit:verify</code> for the state now, and keep a
        copy of the database before anything else is done to it.
      </Problem>
    )
  }
  if (signedAt === null || now - Date.parse(signedAt) > OLD_SIGNATURE_MS) {
    return (
      <p className="mb-4 flex items-start gap-2 text-sm text-muted">
        <ShieldAlert className="mt-0.5 size-4 shrink-0 text-warning" aria-hidden />
        <span>
          {signedAt === null ? (
            'Nothing is sealed yet'
          ) : (
            <>
              Last sealed <Ago at={signedAt} />
            </>
          )}
          {' — '}no running process has the audit key. Set <code>MATCHDESK_AUDIT_KEY</code>.
        </span>
      </p>
    )
  }
  return (
    <p className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-muted">
      <span className="inline-flex items-center gap-1.5">
        <Link2 className="size-4 text-good" aria-hidden />
        <span>
          Sealed up to entry {sealed.toLocaleString('en')}, signed <Ago at={signedAt} />
        </span>
      </span>
      <span className="inline-flex items-center gap-1.5">
        <ShieldCheck className={check && check.entries > 0 ? 'size-4 text-good' : 'size-4 text-faint'} aria-hidden />
        {check && check.entries > 0 ? (
          <span>
            Verified up to entry {check.entries.toLocaleString('en')} at <Moment at={check.at} />: unchanged
          </span>
        ) : (
          'Not verified yet'
        )}
      </span>
    </p>
  )
}
