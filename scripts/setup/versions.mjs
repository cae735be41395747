/** The oldest Node with which the product can be installed. The product then runs on its own Node. */
export const OLDEST_HOST_NODE = 20

/**
 * Returns why this Node cannot install the product; undefined if it can.
 *
 * @param {string} version as in `process.version`
 * @returns {string | undefined}
 */
export function hostNodeComplaint(version) {
  const major = Number(/^v(\d+)\./.exec(version)?.[1])
  if (major >= OLDEST_HOST_NODE) return undefined
  return `Propaganda Dashboard needs Node ${OLDEST_HOST_NODE} or newer to install itself. This is Node ${version}.\nInstall one from https://nodejs.org, open a new terminal, and run the same command again. Nothing was changed.`
}
