/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // Ids hold any character, and a slash after one must not turn into a redirect that loses a POST body.
  skipTrailingSlashRedirect: true,
  serverExternalPackages: ['pg'],
  typedRoutes: false,
  // `npm run check` and `npm test` check all types; a start must not wait for it, nor need the packages of the tests.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  experimental: { serverActions: { bodySizeLimit: '256kb' } },
}
