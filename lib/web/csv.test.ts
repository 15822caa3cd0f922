import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FORMULAS, PLAIN } from './corpora/csv.ts'
import { csvCell, csvLine } from './csv.ts'

/** A reader of its own: RFC 4180 with any separator, quotes meaningful only where a cell begins, as spreadsheets do it. */
function readCsv(text: string, separator: string): string[][] {
  const lines: string[][] = []
  let line: string[] = []
  let at = 0
  while (at < text.length) {
    let cell = ''
    if (text[at] === '"') {
      at++
      while (at < text.length && (text[at] !== '"' || text[at + 1] === '"')) {
        cell += text[at]
        at += text[at] === '"' ? 2 : 1
      }
      at++
    }
    while (at < text.length && text[at] !== separator && text[at] !== '\r' && text[at] !== '\n') cell += text[at++]
    line.push(cell)
    if (text[at] === separator) {
      at++
      continue
    }
    at += text.startsWith('\r\n', at) ? 2 : 1
    lines.push(line)
    line = []
  }
  return lines
}

/** What was written, from what a spreadsheet shows. */
const unguarded = (cell: string) => cell.replace(/(?<=^|[;|\t\r\n])'/g, '')
/** Whether a spreadsheet would calculate. Written apart from the code: everything invisible and every form of the signs. */
const calculates = (cell: string) =>
  /^[\t\r\n]/.test(cell) || /^[=+\-@]/.test(cell.normalize('NFKC').replace(/^[\s\p{Cf}"\u2212]+(?=[=+\-@])/u, ''))

describe('a cell of a CSV file', () => {
  it('has a corpus that would be calculated if it stood there as it is', () => {
    expect(FORMULAS.length).toBeGreaterThanOrEqual(60)
    expect(FORMULAS.filter((text) => calculates(text)).length).toBeGreaterThanOrEqual(50)
  })

  it.each(FORMULAS.map((text) => [text]))('is quoted, is no formula, and gives the text back: %j', (text) => {
    expect(csvCell(text)).toMatch(/^".*"$/s)
    const written = csvLine(['first', text, 'last'])
    const [line, ...more] = readCsv(written, ',')
    expect(more).toEqual([])
    expect(line?.filter(calculates)).toEqual([])
    expect(line?.map(unguarded)).toEqual(['first', text, 'last'])
  })

  it.each([';', '\t', '|'])('is no formula either where %j separates', (separator) => {
    for (const text of FORMULAS) {
      expect(
        readCsv(csvLine(['first', text, 'last']), separator)
          .flat()
          .filter(calculates),
        text,
      ).toEqual([])
    }
  })

  it('is only quoted when there is nothing to it', () => {
    for (const text of PLAIN) expect(csvCell(text)).toBe(`"${text.replaceAll('"', '""')}"`)
  })

  it('gives any text back, and is never a formula', () => {
    const piece = fc.constantFrom(
      ...FORMULAS,
      ...PLAIN,
      ';',
      '|',
      '\t',
      '\r',
      '\n',
      ' ',
      "'",
      '"',
      ',',
      '=',
      '-',
      '\u200b',
    )
    fc.assert(
      fc.property(fc.array(fc.array(fc.oneof(piece, fc.string())), { minLength: 1 }), (made) => {
        const cells = made.map((pieces) => pieces.join(''))
        const [line, ...more] = readCsv(csvLine(cells), ',')
        expect(more).toEqual([])
        expect(line?.filter(calculates)).toEqual([])
        expect(line?.map(unguarded)).toEqual(cells)
      }),
      { numRuns: 2_000 },
    )
  })

  it('takes no longer than its length, whatever is in it', () => {
    const began = performance.now()
    for (const text of ['\t', '; ', '\n"', "'", ' ', ';=', '\u200b']) csvCell(text.repeat(200_000))
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})
