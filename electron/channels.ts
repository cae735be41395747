/** From the preload script: the page requests a port. */
export const CONNECT = 'propaganda:connect'
/** From the preload script: the language of the page, which the page sent. */
export const LANGUAGE = 'propaganda:language'
/** To the preload script, and from there to the page: contains the port. */
export const PORT = 'propaganda:port'
