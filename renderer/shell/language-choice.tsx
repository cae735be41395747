import { Trans } from '@lingui/react/macro'
import { Menu } from '@mantine/core'
import { flushDrafts } from '../drafts/draft-registry.ts'
import { deviceStorage } from '../device/storage.ts'
import { chooseLanguage, chosenLanguage, LANGUAGES, type Language } from '../texts/language.ts'

/** The system's language, or a chosen one, for this device. The window is loaded again in the chosen language. */
export function LanguageChoice() {
  const storage = deviceStorage(window)
  return (
    <Menu.RadioGroup
      value={chosenLanguage(document, storage) ?? ''}
      onChange={(value) => {
        chooseLanguage(value === '' ? null : (value as Language), document, storage)
        void flushDrafts().finally(() => window.location.reload())
      }}
    >
      <Menu.RadioItem value="">
        <Trans>System language</Trans>
      </Menu.RadioItem>
      {Object.entries(LANGUAGES).map(([language, name]) => (
        <Menu.RadioItem key={language} value={language} lang={language}>
          {name}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  )
}
