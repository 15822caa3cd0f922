'use client'

import { useDesk } from '#components/frame/desk.tsx'
import { CliCommands } from '#components/tickets/cli-commands.tsx'
import type { SessionView } from '#lib/tickets/views.ts'
import { sessionCommands } from './session-commands.ts'

export function SessionCli({ session }: { session: SessionView }) {
  return <CliCommands commands={sessionCommands(useDesk().environment, session)} />
}
