import type { EngineOptionsPatch } from './core/contract.ts'

export class UsageError extends Error {}
export const HELP: string
/** null: not given. */
export interface EngineCommand {
  help: boolean
  port: number | null
  host: string | null
  config: string | null
  run: string | null
  memory: boolean
  databaseUrl: string | null
  dataDir: string | null
  clock: 'running' | 'paused' | null
  options: EngineOptionsPatch | null
}
export function readCommandLine(args: readonly string[]): EngineCommand
