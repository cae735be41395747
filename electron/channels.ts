/** From the preload script: the page wants a port. */
export const CONNECT = 'propaganda:connect'
/** To the preload script and from there to the page: here it is. */
export const PORT = 'propaganda:port'
