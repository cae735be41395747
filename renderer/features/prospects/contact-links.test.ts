import { expect, test } from 'vitest'
import { mailLink, phoneLink } from './contact-links.ts'

test.each([
  ['030 5551234 ext. 7', '+49305551234', 'tel:+49305551234'],
  ['030/555-12', null, 'tel:03055512'],
  ['none', null, null],
  ['1+2', null, null],
])('the link of the number %j with E.164 %j is %j', (typed, e164, link) => {
  expect(phoneLink(typed, e164)).toBe(link)
})

test.each([
  ['Anna.B+x@acme.test', 'mailto:Anna.B+x@acme.test'],
  ['a@acme.test?bcc=b@evil.test', null],
  ['a&b@acme.test', null],
  ['jürgen@acme.test', null],
])('the link of the address %j is %j', (email, link) => {
  expect(mailLink(email)).toBe(link)
})
