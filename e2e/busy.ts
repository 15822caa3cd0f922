/** How busy a process is, as Linux tells. */
import fs from 'node:fs'

export const canTellHowBusy = fs.existsSync('/proc/self/stat')
const TICKS_A_SECOND = 100

/** Of a processor, since it began; 0 where nobody can tell. */
export function busySeconds(pid: number): number {
  if (!canTellHowBusy) return 0
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
}
