/**
 * Other engines, measured once, elsewhere, on such tickets beside a typed-array limit like ours: so many times faster than
 * they was the limit. A ratio holds on every machine, so with our ratio to the limit it gives our ratio to them: derived,
 * not measured in this run.
 */
import { figure } from './rows.ts'

const LIMIT_OVER_PEER = {
  '1v1': {
    10000: { Nakama: 22_800, flexi: 6_600, 'Open Match 2': 53 },
    100000: { Nakama: 108_000, flexi: 113_000, 'Open Match 2': 60 },
  },
  '5v5': {
    10000: { Nakama: 32_000, flexi: 7_500, 'Open Match 2': 29 },
    100000: { flexi: 40_000, 'Open Match 2': 68 },
  },
}
export type Peer = 'Nakama' | 'flexi' | 'Open Match 2'

/** How many times as fast as the peer an engine is whose rate is `share` of the limit's; null where nobody measured. */
export function timesPeer(peer: Peer, workload: '1v1' | '5v5', tickets: number, share: number): number | null {
  const measured: Record<number, Partial<Record<Peer, number>>> = LIMIT_OVER_PEER[workload]
  const ratio = measured[tickets]?.[peer]
  return ratio === undefined ? null : ratio * share
}

export function derivation(share: number): string {
  return `derived: ${figure(100 * share)} % of the limit here, times the limit's lead elsewhere`
}
