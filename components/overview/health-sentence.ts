import { formatCount } from '#components/ui/format-time.ts'
import type { OverviewView } from '#lib/tickets/views.ts'

/**
 * Whether all is well, in one sentence. `asOf` is a clock time when what is known may be old: then it says how things
 * were, and claims nothing of the present.
 */
export function healthSentence({ attention, configurations, counts }: OverviewView, asOf: string | null): string {
  const old = asOf !== null
  const now = (words: string) => (old ? `As of ${asOf}: ${words}` : words)
  if (counts.all === 0) return now(old ? 'no ticket had been heard of.' : 'No ticket has been heard of yet.')
  const open =
    counts.open === 0
      ? `no ticket ${old ? 'was' : 'is'} open`
      : `${formatCount(counts.open)} open ${counts.open === 1 ? 'ticket' : 'tickets'}`
  if (attention.length > 0) {
    const things = attention.length === 1 ? `${old ? 'one' : 'One'} thing` : `${attention.length} things`
    const need = old ? 'needed' : attention.length === 1 ? 'needs' : 'need'
    return now(`${things} ${need} attention; ${open}.`)
  }
  const number = configurations.length
  if (number === 0) return now(`${old ? 'nothing needed' : 'Nothing needs'} attention; ${open}.`)
  const which =
    number === 1
      ? `${configurations[0]?.configuration} ${old ? 'was' : 'is'}`
      : `${old ? 'all' : 'All'} ${number} configurations ${old ? 'were' : 'are'}`
  return now(`${which} matching normally; ${open}.`)
}
