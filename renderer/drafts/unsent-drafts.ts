import type { UserId } from '../../core/id.ts'
import type { Api } from '../../core/contract/contract.ts'

/** `value` null: the draft was discarded. `updatedAt`: ms since the epoch. */
export type UnsentDraft = { readonly value: unknown; readonly updatedAt: number }
export type StoredDraft = { readonly value: unknown; readonly updatedAt: number }

const PREFIX = 'propaganda-draft:'

/**
 * What was typed and the application has not confirmed yet, in the storage of this tab: it is there again when the application, and with
 * it the page, went away in between. An entry lives until it is confirmed or the tab is closed, and is its person's alone: whoever signs
 * in next does not see it. A browser without such storage keeps nothing here, and typing goes on.
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

  /** Returns what `settle` identifies the entry by. */
  keep(form: string, value: unknown): string {
    const text = JSON.stringify({ value, updatedAt: this.#now() } satisfies UnsentDraft)
    try {
      this.#storage?.setItem(this.#prefix + form, text)
    } catch {
      // Full: the application has it in a moment.
    }
    return text
  }

  /** The entry was confirmed. One that is newer stays. */
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
 * What a form begins with, once the application has said what it has. What is unsent is looked up when the form asks, not when the answer
 * comes: in between it may be sent and confirmed, and the answer may be older than that.
 */
export function openingDraft(unsent: UnsentDrafts, form: string): (stored: StoredDraft | null) => StoredDraft | null {
  const atAsking = unsent.find(form)
  return (stored) => latestDraft(stored, atAsking, unsent.now())
}

/**
 * Whether the application's draft is newer than what this tab has not sent. A time in the future is from before the clock was set back, so
 * it says nothing: then what was typed here is kept, because it is nowhere else.
 */
function isNewer(stored: StoredDraft | null, unsent: UnsentDraft, now: number): boolean {
  return stored !== null && stored.updatedAt > unsent.updatedAt && stored.updatedAt <= now
}

/** Which of the two is to be shown; null: neither. */
export function latestDraft(stored: StoredDraft | null, unsent: UnsentDraft | null, now: number): StoredDraft | null {
  if (unsent === null || isNewer(stored, unsent, now)) return stored
  return unsent.value === null ? null : unsent
}

/**
 * Brings to the application what it has not got, also of forms that are closed. One that changes meanwhile is its form's to send.
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
