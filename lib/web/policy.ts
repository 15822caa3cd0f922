/** What every answer says to browsers, whoever wrote it. */
import { randomBytes } from 'node:crypto'

/** A nonce nobody can guess, new for each page that is answered. */
export function newNonce(): string {
  return randomBytes(16).toString('base64')
}

/**
 * What a page of ours may load and do: only what comes from here, and of the scripts within the page only those that
 * carry the nonce. Charts place their lines by style attributes, which can load nothing.
 */
export function pagePolicy(nonce: string, development = process.env.NODE_ENV === 'development'): string {
  const [evaluate, styles] = development ? [" 'unsafe-eval'", "'unsafe-inline'"] : ['', `'nonce-${nonce}'`]
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'${evaluate}`,
    "script-src-attr 'none'",
    `style-src 'self' ${styles}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    ...SHUT,
    "form-action 'self'",
  ].join('; ')
}

const SHUT = [
  "object-src 'none'",
  "frame-src 'none'",
  "worker-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
] as const

/** For everything that is no page: should a browser take it for one, it can do nothing. */
export const NO_PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'none'",
  "connect-src 'self'",
  ...SHUT,
  "form-action 'none'",
].join('; ')

export const COMMON_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
} as const
/** Addresses hold ids of players. Not `no-referrer`: with it browsers hide the origin that actions are checked by. */
export const REFERRER_POLICY = 'same-origin'
/** Two years. Said over https only: over http it means nothing, and on a name it would bind every port of it. */
export const STRICT_TRANSPORT = 'max-age=63072000; includeSubDomains'
