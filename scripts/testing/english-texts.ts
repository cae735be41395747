import { i18n } from '@lingui/core'
import { beforeAll } from 'vitest'

// The texts in the source are English, so no catalogue is needed. A text that is read while a module is loaded fails here, as in the window.
beforeAll(() => i18n.loadAndActivate({ locale: 'en', messages: {} }))
