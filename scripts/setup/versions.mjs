/** The oldest Node that the product can be installed with. What runs then is the Node of its own that it installs. */
export const OLDEST_HOST_NODE = 20

/**
 * What is wrong with this Node for installing, or undefined.
 *
 * @param {string} version as in `process.version`
 * @returns {string | undefined}
 */
export function hostNodeComplaint(version) {
  const major = Number(/^v(\d+)\./.exec(version)?.[1])
  if (major >= OLDEST_HOST_NODE) return undefined
  return `Propaganda Dashboard needs Node ${OLDEST_HOST_NODE} or newer to install itself; this is Node ${version}.\nInstall one from https://nodejs.org, open a new terminal, and run the same command again. Nothing was changed.`
}
