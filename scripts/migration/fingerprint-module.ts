/** Returns the source of `db/migrations/schema-fingerprint.ts`. */
export function fingerprintModule(fingerprint: string): string {
  return `/** The fingerprint of a file that has run all migrations (\`schemaFingerprint\`). \`npm run migration\` writes it. */
export const SCHEMA_FINGERPRINT = '${fingerprint}'
`
}
