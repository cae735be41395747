import { expect, test } from 'vitest'
import { mailLink } from './contact-link.ts'

test.each([
  ['Anna.B+x@acme.test', 'mailto:Anna.B+x@acme.test'],
  ['a@acme.test?bcc=b@evil.test', null],
  ['a&b@acme.test', null],
  ['jürgen@acme.test', null],
])('the link of the address %j is %j', (email, link) => {
  expect(mailLink(email)).toBe(link)
})
