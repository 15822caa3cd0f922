/** What must hold of package.json and its lock, so that every install anywhere gets the same, whole set of packages. */

/**
 * Optional packages the lock's packages name and the lock does not hold. npm leaves them out in silence when a registry
 * lacks them, and then `npm ci` refuses the lock elsewhere.
 * @param {{ packages: Record<string, { optionalDependencies?: Record<string, string> }> }} lock
 * @returns {string[]} such as "next -> @next/swc-darwin-arm64"
 */
export function incompleteEntries(lock) {
  const held = new Set(Object.keys(lock.packages).map((at) => at.replace(/^.*node_modules\//, '')))
  return Object.entries(lock.packages).flatMap(([at, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !held.has(name))
      .map((name) => `${at.replace(/^node_modules\//, '') || 'package.json'} -> ${name}`),
  )
}

/**
 * Dependencies whose version is not exactly one.
 * @param {Record<string, unknown>} manifest
 * @returns {string[]} such as "next@^16.4.5"
 */
export function unpinned(manifest) {
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'].flatMap((kind) =>
    Object.entries(manifest[kind] ?? {})
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${name}@${version}`),
  )
}
