import type { UserId } from '../../core/id.ts'
import type { Api } from '../../core/contract/contract.ts'

/** `value` null: the draft was discarded. `updatedAt`: ms since the epoch. */
export type UnsentDraft = { readonly value: unknown; readonly updatedAt: number }
export type StoredDraft = { readonly value: unknown; readonly updatedAt: number }

const PREFIX = 'propaganda-draft:'

/**
 * Drafts that the application has not confirmed yet, in the storage of this tab. They survive a reload of the page. An entry is removed
 * when it is confirmed or the tab is closed. It is shown only to the person who typed it. Without storage nothing is kept, and typing
 * continues.
 */
export class UnsentDrafts {
  readonly #storage: Storage | undefined
  readonly #prefix: string
  readonly #now: () => number

  constructor(storage: Storage | undefined, userId: UserId, now: () => number) {
    this.#storage = storage
    this.#prefix = `${PREFIX}${userId}:`
    this.#now = now
  }

  now(): number {
    return this.#now()
  }

  /** Stores a draft. Returns the text that identifies the entry for `settle`. */
  keep(form: string, value: unknown): string {
    const text = JSON.stringify({ value, updatedAt: this.#now() } satisfies UnsentDraft)
    try {
      this.#storage?.setItem(this.#prefix + form, text)
    } catch {
      // The storage is full. The application stores the draft shortly afterwards.
    }
    return text
  }

  /** Removes a confirmed entry. A newer one stays. */
  settle(form: string, text: string): void {
    if (this.read(form) === text) this.#storage?.removeItem(this.#prefix + form)
  }

  read(form: string): string | null {
    return this.#storage?.getItem(this.#prefix + form) ?? null
  }

  find(form: string): UnsentDraft | null {
    const text = this.read(form)
    return text === null ? null : parseUnsent(text)
  }

  forms(): string[] {
    const keys = Array.from({ length: this.#storage?.length ?? 0 }, (_, index) => this.#storage?.key(index) ?? '')
    return keys.filter((key) => key.startsWith(this.#prefix)).map((key) => key.slice(this.#prefix.length))
  }
}

function parseUnsent(text: string): UnsentDraft | null {
  try {
    const { value, updatedAt } = JSON.parse(text) as Partial<UnsentDraft>
    return typeof updatedAt === 'number' ? { value: value ?? null, updatedAt } : null
  } catch {
    return null
  }
}

/**
 * Returns a function from the stored draft to the draft that a form opens with. The unsent draft is read at once and not when the stored
 * one arrives: it may be sent and removed in between, and the answer may still lack it.
 */
export function openingDraft(unsent: UnsentDrafts, form: string): (stored: StoredDraft | null) => StoredDraft | null {
  const whenOpened = unsent.find(form)
  return (stored) => latestDraft(stored, whenOpened, unsent.now())
}

/**
 * Returns whether the stored draft is newer than the unsent one. A time in the future means that the clock was set back, and decides
 * nothing: the unsent draft wins then, because no other copy exists.
 */
function isNewer(stored: StoredDraft | null, unsent: UnsentDraft, now: number): boolean {
  return stored !== null && stored.updatedAt > unsent.updatedAt && stored.updatedAt <= now
}

/** Returns the draft to show; null: neither. */
export function latestDraft(stored: StoredDraft | null, unsent: UnsentDraft | null, now: number): StoredDraft | null {
  if (unsent === null || isNewer(stored, unsent, now)) return stored
  return unsent.value === null ? null : unsent
}

/**
 * Sends all unsent drafts to the application, also those of closed forms. A draft that changes meanwhile is left to its form.
 * @param onSent runs after a draft was sent and before it is removed from the storage of this tab.
 */
export async function sendUnsent(
  unsent: UnsentDrafts,
  drafts: Api['drafts'],
  onSent: (form: string, draft: UnsentDraft) => void,
): Promise<void> {
  for (const form of unsent.forms()) {
    const text = unsent.read(form)
    const draft = unsent.find(form)
    if (text === null || draft === null) continue
    const stored = await drafts.get({ form })
    if (unsent.read(form) !== text) continue
    if (!isNewer(stored, draft, unsent.now())) {
      await (draft.value === null ? drafts.delete({ form }) : drafts.put({ form, value: draft.value as never }))
      onSent(form, draft)
    }
    unsent.settle(form, text)
  }
}
