/** The fingerprint of a file that has run all migrations (`schemaFingerprint`). `npm run migration` writes it. */
export const SCHEMA_FINGERPRINT = 'c09656d4b3484d971151d584136fb617f777ac04437b34e87a2a3c6efbfed1d7'
