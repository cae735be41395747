import '@fontsource-variable/inter/index.css'
// In a layer, so that the window's own styles override the library's, whichever file is loaded first.
import '@mantine/core/styles.layer.css'
import '@mantine/dates/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import '@mantine/spotlight/styles.layer.css'
import './shell/global.css'
import { createRoot } from 'react-dom/client'
import { createApi, createQueryClient } from './api/api-context.ts'
import { channelFor } from './api/channels.ts'
import { createConnection } from './api/connection.ts'
import { translateRules } from './api/rule-errors.ts'
import { leaveKeysToInputMethods } from './ui/composition.ts'
import { watchKeyboardLayout } from './ui/keyboard-layout.ts'
import { App } from './shell/app.tsx'
import { printInLight } from './shell/print-scheme.ts'
import { readStyleNonce } from './shell/style-nonce.ts'
import { deviceStorage } from './device/storage.ts'
import { activateLanguage, chosenLanguage, systemLanguage } from './texts/language.ts'

leaveKeysToInputMethods(window)
watchKeyboardLayout(window)
printInLight(window)
const connection = createConnection(channelFor(window))
const api = createApi(connection)
const queries = createQueryClient(connection, () => void queries.invalidateQueries({ queryKey: api.query.session.key() }))

/** No `await` at the module's level: the texts' files import this module's file, so each would wait for the other. */
async function start(): Promise<void> {
  const language = chosenLanguage(document, deviceStorage(window)) ?? systemLanguage(navigator.languages)
  document.documentElement.lang = language
  await activateLanguage(language, navigator.languages)
  translateRules()

  const root = document.getElementById('root')
  if (root === null) throw new Error('index.html has no #root')
  createRoot(root).render(<App api={api} queries={queries} styleNonce={readStyleNonce(document)} />)
}

void start()
