/**
 * `node lib/engine/main.ts [options]`: the engine as a process of its own. `--help` lists the options.
 * `node lib/engine/main.ts replay <file>`: lives a run again and says whether it comes to the same end.
 */
import { enableCompileCache } from 'node:module'

enableCompileCache() // before anything else is loaded: from the second start on the engine is there in half the time
const [command, ...args] = process.argv.slice(2)
if (command === 'replay') {
  const { runReplayCommand } = await import('./run/replay-command.ts')
  await runReplayCommand(args)
} else {
  const { runEngineCommand } = await import('./command.ts')
  await runEngineCommand(process.argv.slice(2))
}
