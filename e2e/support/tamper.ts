import type { Page } from '@playwright/test'

/** What stands in place of a procedure's answer; undefined: the answer itself. */
export type Answers = (procedure: string) => unknown

type Message = { readonly i: string; p: { readonly u?: string; b?: { json: unknown } } }

/**
 * Puts other answers in place of the application's, to see what a screen makes of an answer that it cannot be made for. The messages are
 * those of the RPC protocol: a request names its procedure (`u`), its answer carries the same id (`i`).
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
    application.onMessage((message) => {
      const answer = typeof message === 'string' ? (JSON.parse(message) as Message) : undefined
      const instead = answer === undefined ? undefined : answers(asked.get(answer.i) ?? '')
      if (answer?.p.b === undefined || instead === undefined) window.send(message)
      else window.send(JSON.stringify({ ...answer, p: { ...answer.p, b: { json: instead } } }))
    })
  })
}
