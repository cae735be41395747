import '@fontsource-variable/inter/index.css'
import '@mantine/core/styles.css'
import '@mantine/dates/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
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
import { activateLanguage, chosenLanguage, reportLanguage, systemLanguage } from './texts/language.ts'

leaveKeysToInputMethods(window)
watchKeyboardLayout(window)
printInLight(window)
const connection = createConnection(channelFor(window))
const api = createApi(connection)
const queries = createQueryClient(connection, () => void queries.invalidateQueries({ queryKey: api.query.session.key() }))

const language = chosenLanguage(document, deviceStorage(window)) ?? systemLanguage(navigator.languages)
document.documentElement.lang = language
await activateLanguage(language, navigator.languages)
translateRules()
reportLanguage(language, window)

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(<App api={api} queries={queries} styleNonce={readStyleNonce(document)} />)
