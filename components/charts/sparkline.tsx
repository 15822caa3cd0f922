import { linePath, roundUp } from './scale.ts'

/** A course without figures, as wide as its place: what it means stands beside it. */
export function Sparkline({ values, colour }: { values: readonly number[]; colour: string }) {
  const most = roundUp(Math.max(...values))
  return (
    <svg
      viewBox={`0 0 ${values.length} 1`}
      preserveAspectRatio="none"
      className={`size-full overflow-visible ${colour}`}
      aria-hidden="true"
    >
      <path
        d={linePath(values, most)}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}
