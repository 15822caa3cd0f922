/** What goes wrong between GameLift and whoever uses it. Everything may be changed while the fakes run. */

/** The ways an event reaches the dashboard from AWS. */
export const CHANNELS = ['eventbridge', 'sns', 'sqs'] as const
export type BusChannel = (typeof CHANNELS)[number]

export interface FaultPlan {
  /** Of all events, those that no channel delivers. */
  lostPercent: number
  /** Of the copies of each channel, those that never arrive. */
  dropPercent: number
  /** Of the copies of each channel, those that arrive twice. */
  repeatPercent: number
  /** Each copy is late by a random time up to this. */
  shuffleMs: number
  /** Of the calls to GameLift, those refused with ThrottlingException. */
  throttlePercent: number
  /** `time-out`: writes are carried out, and the caller never hears of it. */
  afterEffect: 'answer' | 'time-out'
  /** `expired`: no key is good, also not one that is issued now. */
  credentials: 'good' | 'expired'
  /** GameLift takes every call and answers none. Nothing is carried out. */
  blackHole: boolean
  /** Where events go. */
  channels: readonly BusChannel[]
}

export const NO_FAULTS: FaultPlan = {
  lostPercent: 0,
  dropPercent: 0,
  repeatPercent: 0,
  shuffleMs: 0,
  throttlePercent: 0,
  afterEffect: 'answer',
  credentials: 'good',
  blackHole: false,
  channels: CHANNELS,
}
