import type { ReactNode } from 'react'
import { formatFigure } from './scale.ts'

interface PlotProps {
  /** How many places the drawing is wide; it is 1 high, from 0 at the bottom to `most`. */
  places: number
  most: number
  /** Of the figures at the side. */
  unit: string
  /** What one place holds, in words, for whoever points at it. */
  told: (place: number) => string
  /** Below the first, the middle and the last place. */
  ends: readonly [string, string, string]
  /** In place of a drawing that would show nothing. */
  nothing: string | null
  children: ReactNode
}

/**
 * The ground of a chart: lines, figures, and the drawing stretched over them. Always of the same height. It is hidden from
 * people who cannot see it: the table beside it has the same figures.
 */
export function Plot({ places, most, unit, told, ends, nothing, children }: PlotProps) {
  return (
    <div aria-hidden className="select-none">
      <div className="relative h-28 border-b border-line-strong">
        {[1, 0.5].map((share) => (
          <div key={share} className="absolute inset-x-0 border-t" style={{ bottom: `${share * 100}%` }} />
        ))}
        <svg
          viewBox={`0 0 ${places} 1`}
          preserveAspectRatio="none"
          className="absolute inset-0 size-full overflow-visible"
          aria-hidden="true"
        >
          {Array.from({ length: places }, (_, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a place is its index
            <rect key={place} x={place} width="1" height="1" className="fill-transparent hover:fill-active">
              <title>{told(place)}</title>
            </rect>
          ))}
          <g className="pointer-events-none">{children}</g>
        </svg>
        {[1, 0.5].map((share) => (
          <span
            key={share}
            className="pointer-events-none absolute left-0 mt-px rounded-xs bg-panel/80 pr-1 text-2xs text-faint"
            style={{ top: `${(1 - share) * 100}%` }}
          >
            {formatFigure(most * share)}
            {share === 1 && ` ${unit}`}
          </span>
        ))}
        {nothing !== null && (
          <p className="absolute inset-0 flex items-center justify-center px-8 text-center text-sm text-muted">
            {nothing}
          </p>
        )}
      </div>
      <div className="mt-1 flex justify-between text-2xs text-faint">
        {ends.map((end) => (
          <span key={end}>{end}</span>
        ))}
      </div>
    </div>
  )
}
