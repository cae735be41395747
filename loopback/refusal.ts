import { contentPolicy } from '../app/shell/content-policy.ts'

/** Why the loopback server answers no, by kind. */
const REFUSALS = {
  TOKEN_MISSING: [
    401,
    'This address lacks its key',
    'Open the address that was printed when the application started, with everything after the question mark.',
  ],
  TOKEN_USED: [
    401,
    'This address has been used already',
    'Each address opens the application once. Go back to the window or tab that it opened. To open another, press Enter in the terminal where the application runs, or start it again.',
  ],
  TOKEN_EXPIRED: [
    401,
    'This address has expired',
    'Addresses stop working after a while. Press Enter in the terminal where the application runs to get a new one, or start it again.',
  ],
  TOKEN_UNKNOWN: [
    401,
    'This address is not from the application that runs now',
    'It was restarted since, or the address was copied incompletely. Use the address that it printed last.',
  ],
  NOT_LAUNCHED: [
    401,
    'This browser was not let in yet',
    'Open the address that was printed when the application started. Nothing is shown here without it.',
  ],
  SESSION_EXPIRED: [
    401,
    'The application was restarted since this window was opened',
    'What was saved is kept. Open the address that it printed last, and sign in again.',
  ],
  WRONG_HOST: [421, 'Wrong host', 'The application answers only to its own address on this device.'],
  WRONG_ORIGIN: [403, 'Wrong origin', 'Another page asked for this. The application answers only to its own window.'],
  METHOD_NOT_ALLOWED: [
    405,
    'This is not how to ask',
    'Files are read with GET; everything else goes through the WebSocket at /api.',
  ],
  UPGRADE_REQUIRED: [426, 'This address takes WebSockets only', 'Open the application’s window instead.'],
  NOT_FOUND: [404, 'There is nothing here', 'Go back to the application’s window.'],
  NOT_BUILT: [
    503,
    'The window’s files are missing',
    'They are built by npm start. Stop the application and start it again with that command.',
  ],
} as const satisfies Record<string, readonly [status: number, title: string, advice: string]>

export type RefusalCode = keyof typeof REFUSALS

export type Refusal = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }

/** A refusal as a page for a person or as JSON for a program. No part of the request is repeated in it. */
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
