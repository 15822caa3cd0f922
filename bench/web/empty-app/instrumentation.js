/** The dashboard's own would be found above this one. */
export function register() {}
