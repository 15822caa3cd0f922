/** The end of an axis that holds `most`: 1, 2 or 5 with noughts, so that it seldom moves while values do. */
export function roundUp(most: number): number {
  if (!(most > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(most))
  const step = [1, 2, 5, 10].find((each) => each * power >= most * (1 - 1e-9)) ?? 10
  return step * power
}

/** A figure of an axis or a rate: `0.25`, `3.4`, `120`. */
export function formatFigure(value: number): string {
  return Number(value.toPrecision(value < 10 ? 2 : 3)).toLocaleString('en-US', { maximumFractionDigits: 2 })
}

/** The drawing commands of a line through what is known: it breaks where nothing is, and one value alone is a dot. */
export function linePath(values: readonly (number | null)[], most: number): string {
  let path = ''
  let drawing = false
  for (const [index, value] of values.entries()) {
    if (value !== null) path += `${drawing ? 'L' : 'M'}${index + 0.5} ${round(1 - value / most)}`
    // Of no length, but with round ends it shows.
    if (value !== null && !drawing) path += 'h0'
    drawing = value !== null
  }
  return path
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4
}
