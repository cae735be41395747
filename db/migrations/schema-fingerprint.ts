/** The fingerprint of a file that has run all migrations (`schemaFingerprint`). `npm run migration` writes it. */
export const SCHEMA_FINGERPRINT = 'eedaf07da67229197e06e784e3616790876e5de3b167be24d1979f12d15966b6'
