'use client'

import { useDesk } from '#components/frame/desk.tsx'
import { answerCommand } from '#components/tickets/cli-command.ts'
import { CliCommands } from '#components/tickets/cli-commands.tsx'
import type { AnswerMatchInput } from '#lib/tickets/inputs.ts'

/** `answers`: of those who have not answered. */
export function MatchCli({ answers }: { answers: AnswerMatchInput['answers'] }) {
  const { environment } = useDesk()
  return (
    <CliCommands
      commands={[
        { name: 'Accept for all players', command: answerCommand(environment, 'ACCEPT', answers) },
        { name: 'Reject for all players', command: answerCommand(environment, 'REJECT', answers) },
      ]}
    />
  )
}
