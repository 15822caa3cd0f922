/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // Ids hold any character, and a slash after one must not turn into a redirect that loses a POST body.
  skipTrailingSlashRedirect: true,
  serverExternalPackages: ['pg'],
  typedRoutes: false,
  images: { unoptimized: true },
  experimental: { serverActions: { bodySizeLimit: '256kb' } },
}
