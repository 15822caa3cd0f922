import { formatCount } from '#components/ui/format-time.ts'
import type { OverviewView } from '#lib/tickets/views.ts'

/** Whether all is well, in one sentence. */
export function healthSentence({ attention, configurations, counts }: OverviewView): string {
  if (counts.all === 0) return 'No ticket has been heard of yet.'
  const open =
    counts.open === 0
      ? 'no ticket is open'
      : `${formatCount(counts.open)} open ${counts.open === 1 ? 'ticket' : 'tickets'}`
  if (attention.length > 0) {
    return `${attention.length === 1 ? 'One thing needs' : `${attention.length} things need`} attention; ${open}.`
  }
  const number = configurations.length
  const which = number === 1 ? `${configurations[0]?.configuration} is` : `All ${number} configurations are`
  return number === 0 ? `Nothing needs attention; ${open}.` : `${which} matching normally; ${open}.`
}
