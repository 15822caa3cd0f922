import path from 'node:path'

/** @type {import('next').NextConfig} */
export default {
  // Its packages are those of the dashboard.
  turbopack: { root: path.resolve(import.meta.dirname, '../../..') },
  typescript: { ignoreBuildErrors: true },
}
