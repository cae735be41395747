import { defineConfig } from '@lingui/conf'
import { formatter } from '@lingui/format-po'

const exclude = ['**/*.test.ts', '**/*.test.tsx']

/**
 * The texts of the window, and the messages of the application, which a window and the desktop shell show. `npm run texts` collects them from
 * the source; `LANGUAGE.po` has the translations.
 */
export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'de'],
  catalogs: [
    { path: '<rootDir>/renderer/texts/{locale}', include: ['<rootDir>/renderer'], exclude },
    { path: '<rootDir>/core/messages/texts/{locale}', include: ['<rootDir>/core/messages'], exclude },
  ],
  // Without line numbers, a change of the code changes no catalogue.
  format: formatter({ lineNumbers: false }),
  orderBy: 'origin',
})
