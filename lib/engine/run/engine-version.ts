/** As in package.json, which is not beside the engine wherever it is installed; a test holds the two together. */
export const ENGINE_VERSION = '0.1.0'
