import { safeStorage } from 'electron'
import { FileSecretStore, type SecretStore } from '../app/sync/transport/secret-store.ts'

/**
 * Stores device tokens encrypted by the system's key store (Keychain, DPAPI, libsecret), so that a copied home contains no usable token.
 * Without a key store (a Linux session without a keyring), they are in files that only their owner can read, as in the loopback shell. The
 * first letter of a file tells which form it has.
 */
export function systemSecrets(home: string): SecretStore {
  const files = new FileSecretStore(home)
  return {
    async get(name) {
      const kept = await files.get(name)
      if (kept === undefined) return undefined
      const text = kept.slice(1)
      if (kept.startsWith('p')) return text
      try {
        return safeStorage.decryptString(Buffer.from(text, 'base64'))
      } catch {
        // Another key store wrote it. The device has to sign in to the server again.
        return undefined
      }
    },
    set(name, secret) {
      const isSafe = safeStorage.isEncryptionAvailable()
      return files.set(name, isSafe ? `e${safeStorage.encryptString(secret).toString('base64')}` : `p${secret}`)
    },
    delete: (name) => files.delete(name),
  }
}
