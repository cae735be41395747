import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/**
 * Returns the serious and critical findings of axe, one per line. Axe uses a second page to join the results of frames; the legacy mode
 * omits it, because the window has no frames. The builder sends its script of 1.5 MB twice in each call. A document that already has axe gets
 * an empty script instead.
 *
 * Moving parts are examined after they have arrived: a message that fades in has no contrast while it is almost transparent.
 *
 * @param rules default: all rules
 */
export async function findings(page: Page, rules?: string[]): Promise<string[]> {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(({ playState, effect }) => playState !== 'running' || effect?.getTiming().iterations === Infinity),
  )
  const hasAxe = await page.evaluate(() => 'axe' in window)
  const axe = new AxeBuilder({ page, ...(hasAxe && { axeSource: ';' }) }).setLegacyMode().options({ resultTypes: ['violations'] })
  const { violations } = await (rules === undefined ? axe : axe.withRules(rules)).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary ?? ''}`))
}
