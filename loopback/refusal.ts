import { contentPolicy } from '../app/shell/content-policy.ts'

/** The refusals of the loopback server: status, title and advice, by code. */
const REFUSALS = {
  TOKEN_MISSING: [
    401,
    'This address is incomplete',
    'Open the address that the application printed when it started, including everything after the question mark.',
  ],
  TOKEN_USED: [
    401,
    'This address was already used',
    'Each address works once. Go back to the window or tab that it opened. To get a new address, press Enter in the terminal where the application runs, or start it again.',
  ],
  TOKEN_EXPIRED: [
    401,
    'This address has expired',
    'To get a new address, press Enter in the terminal where the application runs, or start it again.',
  ],
  TOKEN_UNKNOWN: [
    401,
    'This address does not belong to the running application',
    'The application was restarted, or the address was not copied completely. Use the address that the application printed last.',
  ],
  NOT_LAUNCHED: [401, 'This browser has no access yet', 'Open the address that the application printed when it started.'],
  SESSION_EXPIRED: [
    401,
    'The application was restarted',
    'Saved data is kept. Open the address that the application printed last, and sign in again.',
  ],
  WRONG_HOST: [421, 'Wrong host', 'The application accepts requests only at its own address on this device.'],
  WRONG_ORIGIN: [
    403,
    'Wrong origin',
    'Another page sent this request. The application accepts requests only from its own window.',
  ],
  METHOD_NOT_ALLOWED: [
    405,
    'This method is not allowed',
    'Use GET to read files, and the WebSocket at /api for everything else.',
  ],
  UPGRADE_REQUIRED: [426, 'This address accepts only WebSockets', 'Open the application’s window instead.'],
  NOT_FOUND: [404, 'There is nothing here', 'Go back to the application’s window.'],
  NOT_BUILT: [
    503,
    'The window’s files are missing',
    'npm start builds them. Stop the application and start it again with npm start.',
  ],
} as const satisfies Record<string, readonly [status: number, title: string, advice: string]>

export type RefusalCode = keyof typeof REFUSALS

export type Refusal = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }

/** Returns a refusal as a page for a person or as JSON for a program. It repeats no part of the request. */
export function refusal(code: RefusalCode, asPage: boolean, nonce: string): Refusal {
  const [status, title, advice] = REFUSALS[code]
  if (!asPage) {
    const body = JSON.stringify({ code, message: `${title}. ${advice}` })
    return { status, headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }, body }
  }
  const body = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="color-scheme" content="light dark" />
    <title>${title} – Propaganda Dashboard</title>
    <style nonce="${nonce}">
      body { font: 15px/1.6 system-ui, sans-serif; max-width: 36rem; margin: 20vh auto; padding: 0 1rem }
      h1 { font-size: 1.25rem; font-weight: 600 }
      code { opacity: .7; font-size: .8rem }
    </style>
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      <p>${advice}</p>
      <p><code>${code}</code></p>
    </main>
  </body>
</html>
`
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': contentPolicy(nonce, []),
  }
  return { status, headers, body }
}
