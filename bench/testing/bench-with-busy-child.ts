/** A bench that waits for a busy child, whose process id it prints. */
import path from 'node:path'
import { forkChild } from '../children.ts'

const child = forkChild(path.join(import.meta.dirname, 'busy.ts'), [], {})
console.log(child.pid)
