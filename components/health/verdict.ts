import type { IntegrityView } from '#lib/tickets/views.ts'

export interface Verdict {
  tone: 'good' | 'warning' | 'bad'
  text: string
}

/** In one sentence, the worst first: can what is shown be trusted? */
export function verdict({ outage, channels, gaps, budget, setAside, unconfirmed, presumed }: IntegrityView): Verdict {
  if (outage !== null) {
    const held = budget?.heldAfter
      ? ` After ${count(budget.heldAfter, 'call')} without an answer, calls are held back but for one every few seconds.`
      : ''
    return { tone: 'bad', text: `GameLift does not answer: ${outage.message}${held}` }
  }
  if (setAside > 0) return { tone: 'bad', text: `${count(setAside, 'message')} could not be taken.` }
  if (gaps.total > 0) {
    const text = `${count(gaps.total, 'event')} must have happened and did not come. Describes fill in how their tickets stand.`
    return { tone: 'warning', text }
  }
  if (budget !== null && budget.allowedPerSecond <= budget.perSecond / 2) {
    const [allowed, all] = [budget.allowedPerSecond, budget.perSecond].map((rate) => Math.round(rate * 10) / 10)
    const text = `GameLift asked for fewer calls: ${allowed} of ${all} per second are made, so tickets are described later.`
    return { tone: 'warning', text }
  }
  if (unconfirmed > 0) {
    return { tone: 'warning', text: `${count(unconfirmed, 'open ticket')} not confirmed for longer than a minute.` }
  }
  if (presumed > 0) {
    return { tone: 'warning', text: `Of ${count(presumed, 'ticket')} the status is presumed: nothing has stated it.` }
  }
  if (channels.every(({ received }) => received === 0)) {
    return { tone: 'warning', text: 'No event has come in this time.' }
  }
  return { tone: 'good', text: 'Nothing is known to be missing, and every open ticket is confirmed.' }
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en-US')} ${what}${number === 1 ? '' : 's'}`
}
