import type { Page } from '@playwright/test'

/**
 * Starts to record movements in the main part of a window: elements that are added, removed or shifted, and scroll positions. Changes of
 * texts and drawings are not recorded.
 * @returns a function that returns a text for each movement since then
 */
export async function watchMovements(page: Page): Promise<() => Promise<string[]>> {
  const positions = () =>
    page.evaluate(() => [...document.querySelectorAll('main, main *')].map((each) => each.scrollTop).filter((top) => top > 0))
  await page.evaluate(() => {
    const movements: string[] = []
    Object.assign(window, { movements })
    const record = (what: string, node: Node | null | undefined) => {
      if (node instanceof HTMLElement) movements.push(`${what} ${node.outerHTML.slice(0, 200)}`)
    }
    const changes = new MutationObserver((records) => {
      for (const { addedNodes, removedNodes } of records) {
        for (const node of addedNodes) record('added', node)
        for (const node of removedNodes) record('removed', node)
      }
    })
    changes.observe(document.querySelector('main') as HTMLElement, { childList: true, subtree: true })
    const shifts = new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { sources: { node?: Node }[] })[])
        for (const { node } of entry.sources) record('moved', node)
    })
    shifts.observe({ type: 'layout-shift' })
  })
  const before = await positions()
  return async () => {
    const after = await positions()
    const scrolled = before.join() === after.join() ? [] : [`scrolled from ${before.join()} to ${after.join()}`]
    return [...(await page.evaluate(() => (window as unknown as { movements: string[] }).movements)), ...scrolled]
  }
}
