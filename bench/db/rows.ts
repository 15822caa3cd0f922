/** Rows of the ticket index in its database: P1 to P3 what it takes in, D1 to D5 what it is asked. */
import type { RowGroup } from '../row-group.ts'
import { READ_ROWS } from './read-rows.ts'
import { WRITE_ROWS } from './write-rows.ts'

export const DB_ROWS: readonly RowGroup[] = [...WRITE_ROWS, ...READ_ROWS]
