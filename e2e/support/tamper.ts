import type { Page } from '@playwright/test'

/** Returns a replacement for a procedure's answer; undefined: the real answer. A promise delays the answer. */
export type Answers = (procedure: string) => unknown

type Message = { readonly i: string; p: { readonly u?: string; b?: { json: unknown } } }

/**
 * Replaces or delays answers of the application, to test how a screen handles an answer for which it is not written. The messages are those of the
 * RPC protocol: a request names its procedure (`u`), and its answer has the same id (`i`).
 */
export async function tamper(page: Page, answers: Answers): Promise<void> {
  await page.routeWebSocket(/\/api$/, (window) => {
    const application = window.connectToServer()
    const asked = new Map<string, string>()
    window.onMessage((message) => {
      if (typeof message === 'string') {
        const { i, p } = JSON.parse(message) as Message
        if (p?.u !== undefined) asked.set(i, new URL(p.u, 'http://rpc').pathname.slice(1).replaceAll('/', '.'))
      }
      application.send(message)
    })
    application.onMessage(async (message) => {
      const answer = typeof message === 'string' ? (JSON.parse(message) as Message) : undefined
      const given = answer === undefined ? undefined : answers(asked.get(answer.i) ?? '')
      const instead = given instanceof Promise ? await given : given
      if (answer?.p.b === undefined || instead === undefined) window.send(message)
      else window.send(JSON.stringify({ ...answer, p: { ...answer.p, b: { json: instead } } }))
    })
  })
}
