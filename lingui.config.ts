import { defineConfig } from '@lingui/conf'
import { formatter } from '@lingui/format-po'

/** The texts of the window. `npm run texts` collects them from the source; `renderer/texts/LANGUAGE.po` has the translations. */
export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'de'],
  catalogs: [
    { path: '<rootDir>/renderer/texts/{locale}', include: ['<rootDir>/renderer'], exclude: ['**/*.test.ts', '**/*.test.tsx'] },
  ],
  // Without line numbers, a change of the code changes no catalogue.
  format: formatter({ lineNumbers: false }),
  orderBy: 'origin',
})
