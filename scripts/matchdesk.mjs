#!/usr/bin/env node
/** The command `matchdesk`, in a clone and in the package for game teams. Plain JavaScript for any Node from 20.9. */
import { runEngine, runReplay } from './engine.mjs'

const [command, ...args] = process.argv.slice(2)
if (command === 'engine') {
  await runEngine(args)
} else if (command === 'replay') {
  await runReplay(args)
} else {
  const asked = command === undefined || command === 'help' || command === '--help'
  const usage =
    'Usage: matchdesk engine [options] | matchdesk replay <file>\nmatchdesk engine --help lists the options.'
  if (asked) console.log(usage)
  else console.error(`There is no command ${JSON.stringify(command)}. ${usage}`)
  process.exitCode = asked ? 0 : 2
}
