interface StackedBarsProps {
  /** From the bottom up: values of each place, and the colour as a text colour. */
  series: readonly { name: string; colour: string; values: readonly number[] }[]
  most: number
}

/** Bars on a plot, one per place. The last place is still growing, so it is lighter. */
export function StackedBars({ series, most }: StackedBarsProps) {
  const places = series[0]?.values.length ?? 0
  const below = new Array<number>(places).fill(0)
  return series.map(({ name, colour, values }) => (
    <g key={name} className={colour} fill="currentColor">
      {values.map((value, place) => {
        if (value <= 0) return null
        const height = value / most
        below[place]! += height
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a place is its index
            key={place}
            x={place + 0.14}
            width="0.72"
            y={1 - below[place]!}
            height={height}
            opacity={place === places - 1 ? 0.55 : 1}
          />
        )
      })}
    </g>
  ))
}
