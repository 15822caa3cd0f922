import type { Cause } from '#lib/flexmatch/status.ts'

/** Short form for the table, beside the status: a few words, no full stop. */
export const CAUSE_WORDS: Record<Cause, string> = {
  started: 'waiting since it was started',
  'returned-not-accepted': 'returned: not everybody accepted the match',
  'returned-placement': 'returned: the match was not placed in time',
  proposed: 'a match is proposed',
  accepted: 'everyone accepted',
  matched: 'matched',
  stopped: 'stopped on request',
  rejected: 'one of its players rejected the match',
  'not-answered': 'its players had not accepted when the match was dropped',
  superseded: 'a player started a newer ticket',
  'backfill-replaced': 'replaced by a newer backfill',
  'session-ended': 'its game session ended',
  'request-timed-out': 'reached the request timeout',
  'placement-failed': 'the placement failed',
  'session-unavailable': 'its game session took no more players',
  gone: 'GameLift no longer knows it',
  unknown: '',
}
