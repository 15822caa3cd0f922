/** In development Next starts what puts the door there with the first page, which has to run all the same. */
const SCRIPTS = process.env.NODE_ENV === 'development' ? '' : "script-src 'none'; "
/** For what is asked before the door of `lib/web/door.ts` is there, which says the same of every answer and lets pages run. */
const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Content-Security-Policy': `${SCRIPTS}object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'`,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  // Replicas that were built apart from the same sources are one build to browsers.
  generateBuildId: () => process.env.MATCHDESK_BUILD_ID ?? null,
  reactStrictMode: true,
  // Ids hold any character, and a slash after one must not turn into a redirect that loses a POST body.
  skipTrailingSlashRedirect: true,
  serverExternalPackages: ['pg'],
  typedRoutes: false,
  // The sign-in page has stricter ones of its own, which these would replace.
  headers: async () => [
    { source: '/((?!sign-in$).*)', headers: Object.entries(HEADERS).map(([key, value]) => ({ key, value })) },
  ],
  // `npm run check` and `npm test` check all types; a start must not wait for it, nor need the packages of the tests.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  experimental: {
    serverActions: { bodySizeLimit: '256kb' },
    // Few and large: what is compressed together is smaller, and the first page counts for more than the way to the next.
    turbopackChunking: {
      requestCost: 2_000_000,
      minChunkSize: 400_000,
      maxMergeChunkSize: 2_000_000,
      firstPageLoadPriority: 1,
    },
  },
}
