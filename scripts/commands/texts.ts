import { relative } from 'node:path'
import { faultsOf, faultText, textsOfSource, windowTexts } from '../texts/window-texts.ts'
import { TREE } from '../tree.ts'

/*
 * `npm run texts` collects the texts of the window and the messages of the application from the source into their `LANGUAGE.po`, removes texts
 * that the source no longer has, and lists what the translations lack.
 */

for (const texts of await windowTexts()) {
  const written = await texts.make({ clean: true, overwrite: true, orderBy: texts.config.orderBy })
  if (written === false) throw new Error('The texts could not be collected from the source')
  const messages = await textsOfSource(texts)
  for (const language of texts.locales.filter((each) => each !== texts.config.sourceLocale)) {
    const faults = faultsOf(messages, written[language] ?? {}, language)
    for (const fault of faults) console.log(faultText(fault))
    const total = Object.keys(messages).length
    console.log(
      `${relative(TREE, texts.path).replace('{locale}', language)}: ${total} texts, ${faults.length} to translate or to correct.`,
    )
    if (faults.length > 0) process.exitCode = 1
  }
}
