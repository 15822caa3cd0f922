/** A child process: runs the case named on the command line and prints its result as JSON. */
import { ENGINE_CASES } from './cases.ts'

const [name = '', input = '{}'] = process.argv.slice(2)
const run = ENGINE_CASES[name]
if (!run) throw new Error(`There is no case ${name}.`)
console.log(JSON.stringify(await run(JSON.parse(input))))
process.exit(0) // whatever timers a case has left behind
