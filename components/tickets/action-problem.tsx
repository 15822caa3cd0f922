import { Problem } from '#components/ui/problem.tsx'
import type { ActionError } from '#lib/flexmatch/result.ts'
import { nextStep } from './next-step.ts'

export function ActionProblem({ error, className }: { error: ActionError; className?: string }) {
  return (
    <Problem
      title={error.message}
      requestId={error.requestId || null}
      tone={error.code === 'UNCONFIRMED' || error.code === 'TOO_LATE' ? 'warning' : 'bad'}
      className={className}
    >
      {nextStep(error)}
    </Problem>
  )
}
