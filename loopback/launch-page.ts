import { KEY_STORAGE } from '../core/window-key.ts'

export type LaunchPage = { readonly headers: Readonly<Record<string, string>>; readonly body: string }

/**
 * Returns the answer to a launch token: a page that stores the window's key for its origin and opens the window. The browser's history does
 * not keep the token's address.
 *
 * @param key base64url, so it needs no escaping
 */
export function launchPage(key: string, nonce: string): LaunchPage {
  const body = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Propaganda Dashboard</title>
    <script nonce="${nonce}">
      localStorage.setItem('${KEY_STORAGE}', '${key}')
      location.replace('/')
    </script>
  </head>
  <body><noscript>The application's window needs JavaScript.</noscript></body>
</html>
`
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  }
  return { headers, body }
}
