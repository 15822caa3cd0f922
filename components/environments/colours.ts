import type { EnvironmentColour } from '#lib/tickets/views.ts'

/** Beside the name, never in place of it. */
export const COLOURS: Record<EnvironmentColour, string> = {
  grey: 'bg-zinc-400',
  blue: 'bg-blue-500',
  teal: 'bg-teal-500',
  green: 'bg-green-500',
  amber: 'bg-amber-400',
  orange: 'bg-orange-500',
  red: 'bg-red-500',
  purple: 'bg-purple-500',
}
export const COLOUR_NAMES = Object.keys(COLOURS) as EnvironmentColour[]
