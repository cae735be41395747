import { safeStorage } from 'electron'
import { FileSecretStore, type SecretStore } from '../app/sync/transport/secret-store.ts'

/**
 * Device tokens under the system's key store (Keychain, DPAPI, libsecret): a copied home tells nothing. Where the system has none (a
 * Linux session without a keyring), they lie in files that only their owner can read, as on the loopback shell; the first letter says
 * which.
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
        // Another key store than the one that wrote it: the device signs in to the server again.
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
