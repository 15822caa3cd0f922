import fs from 'node:fs'

/** What `next build` called this build; the same sources have the same one on every machine. */
export function readBuildId(file = '.next/BUILD_ID'): string {
  try {
    return fs.readFileSync(/*turbopackIgnore: true*/ file, 'utf8').trim()
  } catch {
    return 'development'
  }
}
