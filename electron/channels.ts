/** From the preload script: the page requests a port. */
export const CONNECT = 'propaganda:connect'
/** To the preload script, and from there to the page: contains the port. */
export const PORT = 'propaganda:port'
