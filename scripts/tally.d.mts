export interface Part {
  name: string
  passed: number
  failed: string[]
  unsteady?: string[]
  skipped: { name: string; reason: string }[]
}
export function readVitest(name: string, file: string, exitCode: number): Part
export function readPlaywright(name: string, file: string, exitCode: number): Part
export function summary(parts: Part[]): { ok: boolean; lines: string[] }
