/**
 * CSV as RFC 4180 has it, that no spreadsheet runs as a formula. Every cell is quoted, and where a spreadsheet would begin
 * to calculate an apostrophe is put before, which spreadsheets read as "this is text".
 */

const FORMULA = '=+\\-@\\u2212\\uff1d\\uff0b\\uff0d\\uff20'
/** What spreadsheets pass over, or nobody sees, before a formula. */
const BLANK = ' "\\v\\f\\u00a0\\u00ad\\u200b-\\u200f\\u2000-\\u200a\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ufeff'
/**
 * The begin of the cell, and after what splits a cell where commas do not separate: a program set to semicolons reads
 * `"a","b;=1"` as three cells, quotes or not. An apostrophe that was there gets one too, so that taking one away at each
 * of these places gives the text back, whatever it was.
 */
const GUARDED = new RegExp(`^(?=[\\t\\r\\n])|(?<=^|[;|\\t\\r\\n])(?='|[${BLANK}]*[${FORMULA}])`, 'g')

/** One cell, quoted, with what could be a formula in it made text. */
export function csvCell(value: string): string {
  return `"${value.replace(GUARDED, "'").replaceAll('"', '""')}"`
}

/** One line with its end, CR LF. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}
