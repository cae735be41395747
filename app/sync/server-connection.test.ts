import { expect, test } from 'vitest'
import { ServerConnection } from './server-connection.ts'

test('a device with a name that no header can carry reaches the server all the same', async () => {
  const seen: (string | null)[] = []
  const connection = new ServerConnection({
    url: 'http://127.0.0.1:1',
    userAgent: 'Propaganda/1.0.0 (darwin) Zoë’s ноутбук\r\nx: y',
    fetch: (_url, init) => {
      // As every fetch does: a header is made of Latin-1 without line ends, or the request is not made.
      seen.push(new Headers(init.headers).get('user-agent'))
      return Promise.resolve(new Response('{}'))
    },
  })
  await connection.page('token', null)
  expect(seen).toEqual(['Propaganda/1.0.0 (darwin) Zo??s ?????????x: y'])
})
