/** Durations and moments as text. Everything takes its numbers as arguments, so it can be tested without a clock. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const twoDigits = (value: number) => String(value).padStart(2, '0')

/** A running time as `0:41`, `12:07`, `3:05:09` or `2 d 4 h`; never negative. */
export function formatElapsed(elapsedMs: number): string {
  const ms = Math.max(0, elapsedMs)
  if (ms >= 2 * DAY) return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`
  const seconds = Math.floor(ms / SECOND)
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${twoDigits(seconds % 60)}`
  return `${Math.floor(minutes / 60)}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}`
}

/** How long something took: `0.55 s`, `17.2 s`, `2 min 4 s`, `1 h 3 min`. Whole numbers stay whole: `40 s`, `10 min`. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs)
  if (ms < MINUTE && ms % SECOND === 0) return `${ms / SECOND} s`
  if (ms < 995) return `${(ms / SECOND).toFixed(2)} s`
  if (ms < 59_950) return `${(ms / SECOND).toFixed(1)} s`
  const seconds = Math.round(ms / SECOND)
  if (seconds < 3600) return units(seconds, 60, 'min', 's')
  const minutes = Math.round(seconds / 60)
  return minutes < 24 * 60 ? units(minutes, 60, 'h', 'min') : units(Math.round(minutes / 60), 24, 'd', 'h')
}

function units(value: number, perLarge: number, large: string, small: string): string {
  const rest = value % perLarge
  return `${Math.floor(value / perLarge)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`
}

/** An age in one unit, for "3 s ago": `now`, `3 s`, `4 min`, `2 h`, `5 d`. */
export function formatAge(ageMs: number): string {
  const ms = Math.max(0, ageMs)
  if (ms < SECOND) return 'now'
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`
  return `${Math.floor(ms / DAY)} d`
}

/** `3 s ago`, `now`. */
export function formatAgo(ageMs: number): string {
  const age = formatAge(ageMs)
  return age === 'now' ? 'now' : `${age} ago`
}

/** Seconds left until a deadline, rounded up so that "1 s left" is still time; 0 once it has passed. */
export function secondsLeft(deadlineMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((deadlineMs - nowMs) / SECOND))
}

export function formatCountdown(left: number): string {
  return left === 0 ? 'time is up' : left < 60 ? `${left} s left` : `${formatElapsed(left * SECOND)} left`
}

/** `1,204`: counts in the same grouping for everyone, so that server and browser agree. */
export function formatCount(value: number): string {
  return value.toLocaleString('en-US')
}

const formats = new Map<string, Intl.DateTimeFormat>()
function format(zone: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${name}`
  let found = formats.get(key)
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...options })
    formats.set(key, found)
  }
  return found
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const
const DATE = { year: 'numeric', month: 'short', day: 'numeric' } as const

/** `13:02:11` in the zone. */
export function formatClock(atMs: number, zone: string): string {
  return format(zone, 'clock', CLOCK).format(atMs)
}

/** `13:02:11.402` in the zone; without the fraction where there is none, because events may carry whole seconds only. */
export function formatClockMs(atMs: number, zone: string): string {
  if (atMs % SECOND === 0) return formatClock(atMs, zone)
  return format(zone, 'clock ms', { ...CLOCK, fractionalSecondDigits: 3 }).format(atMs)
}

/** The clock alone for today, else with its date: `13:02:11`, `3 Nov 13:02`. */
export function formatMoment(atMs: number, nowMs: number, zone: string): string {
  const day = format(zone, 'day', DATE)
  if (day.format(atMs) === day.format(nowMs)) return formatClock(atMs, zone)
  const sameYear = format(zone, 'year', { year: 'numeric' })
  const date =
    sameYear.format(atMs) === sameYear.format(nowMs)
      ? format(zone, 'day and month', { day: 'numeric', month: 'short' }).format(atMs)
      : day.format(atMs)
  return `${date}, ${format(zone, 'short clock', { hour: '2-digit', minute: '2-digit' }).format(atMs)}`
}

/** Everything there is to say about a moment, with the offset: `20 Nov 2026, 13:02:11.402 GMT+1 (Europe/Berlin)`. */
export function formatAbsolute(atMs: number, zone: string): string {
  const options = { ...DATE, ...CLOCK, fractionalSecondDigits: 3 } as const
  if (zone === 'UTC') return `${format(zone, 'absolute', options).format(atMs)} UTC`
  return `${format(zone, 'absolute', { ...options, timeZoneName: 'shortOffset' }).format(atMs)} (${zone})`
}

/** Whether the runtime knows the zone: a cookie can hold anything. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
