import { rmSync } from 'node:fs'
import { AppError, isAppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import { countedValues } from '../../core/metrics/call-before.ts'
import type { AuditEntry } from '../../core/model/audit.ts'
import { fromStorageFailure } from '../../db/errors.ts'
import { requireUndoable, type ChangeLine } from '../../db/queries/undone-changes.ts'
import { LineWriter } from '../../platform/files/line-file.ts'
import type { Signed } from '../session/sessions.ts'
import type { DeviceSync } from '../sync/device-sync.ts'

/** The maximum number of lines in this thread's memory at a time. */
export const PIECE = 500
/** The maximum number of lines that are fetched from the server: 2,000 requests, and about 200 MB in temporary files. */
const MOST_FETCHED = 1_000_000
/** After this number of fetches of newer lines, all lines are fetched again. This limits the number of files. */
const MOST_ROUNDS = 50

/** The functions of sync that this module uses. */
export type TrailSource = Pick<DeviceSync, 'settle' | 'trail'>
export type Temporary = () => string

const CALL_CHANGES = { tableName: 'calls', actions: ['INSERT', 'UPDATE', 'DELETE'] } as const

function changeLine({ id, userId, recordId, action, oldValues, createdAt }: AuditEntry): ChangeLine {
  return { id, userId, recordId, action, oldValues: action === 'INSERT' ? null : countedValues(oldValues), createdAt }
}

function needsConnection(cause?: unknown): AppError<'UNREACHABLE'> {
  return new AppError('UNREACHABLE', sentence('server.no-history'), undefined, cause)
}

/** Runs a step that writes the file. @throws AppError STORAGE */
function storing<T>(path: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    throw fromStorageFailure(error, path, sentence('storage.unchanged'))
  }
}

export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // The folder is removed when the process ends, or by a later process.
  }
}

/** Called with the number of lines of each page. An error that it throws ends the fetch. */
export type OnLines = (lines: number) => void

/** A file of lines, newest first. */
type Round = { readonly path: string; readonly lines: number }

/**
 * The server's lines about calls since an instant, newest first, in temporary files. A request fetches a page at a time and writes it to a
 * file, so that its memory does not grow with the number of lines. A later request fetches only newer lines.
 *
 * A joined device has only the lines of its own changes. Its unsent lines come first, because the server will place them after all others
 * in its order.
 */
export class ServerLines {
  readonly #source: TrailSource
  readonly #signed: Signed
  readonly #since: number
  readonly #temporary: Temporary
  /** Newest first. */
  #rounds: Round[] = []
  /** Rounds that were replaced while a request used their files. */
  #obsolete: Round[] = []
  /** Ids of the newest lines of the rounds. */
  #newest: ReadonlySet<string> = new Set()
  #turn: Promise<unknown> = Promise.resolve()
  #users = 0
  #isDropped = false

  constructor(source: TrailSource, signed: Signed, since: number, temporary: Temporary) {
    this.#source = source
    this.#signed = signed
    this.#since = since
    this.#temporary = temporary
  }

  /**
   * Fetches newer lines, and calls `use` with the files of all lines and their number. The files exist until `use` ends.
   * @throws AppError UNREACHABLE, INVALID, STORAGE; the errors of `onLines`
   */
  async use<T>(onLines: OnLines, use: (files: readonly string[], lines: number) => Promise<T>): Promise<T> {
    this.#users++
    let waiting: Round | undefined
    try {
      // One request fetches at a time. The next request uses the lines of the previous one.
      const fetched = this.#turn.then(() => this.#fetch(onLines))
      this.#turn = fetched.catch(() => {})
      waiting = await fetched
      const rounds = [waiting, ...this.#rounds]
      return await use(
        rounds.map(({ path }) => path),
        rounds.reduce((sum, { lines }) => sum + lines, 0),
      )
    } finally {
      if (waiting !== undefined) removeFile(waiting.path)
      this.#users--
      this.#clean()
    }
  }

  /** Removes the files as soon as no request uses them. */
  drop(): void {
    this.#isDropped = true
    this.#clean()
  }

  #clean(): void {
    if (this.#users > 0) return
    if (this.#isDropped) this.#obsolete.push(...this.#rounds.splice(0))
    for (const { path } of this.#obsolete.splice(0)) removeFile(path)
  }

  /**
   * Repeats rounds until a round has one page only, because lines that arrive during a longer round are missing in it. Returns the unsent
   * lines.
   */
  async #fetch(onLines: OnLines): Promise<Round> {
    for (;;) {
      try {
        // Fetches the rows first, so that the calls on this device match the trail.
        await this.#source.settle(this.#signed)
      } catch (error) {
        throw isAppError(error, 'UNREACHABLE') ? needsConnection(error) : error
      }
      const ids = new Set<string>()
      const waiting = await this.#write((page) => this.#unsent(page, ids, onLines))
      try {
        const { pages, isOverlapping } = await this.#fetchRound(ids, onLines)
        // An operation that the server answered between the two reads is in both lists.
        if (pages <= 1 && !isOverlapping) return waiting
      } catch (error) {
        removeFile(waiting.path)
        throw error
      }
      removeFile(waiting.path)
    }
  }

  /** Writes the unsent lines. After a sync only refused changes are unsent, so there are few ids. */
  async #unsent(write: (lines: readonly ChangeLine[]) => void, ids: Set<string>, onLines: OnLines): Promise<void> {
    const { workspace, userId } = this.#signed
    const wanted = { ...CALL_CHANGES, actions: [...CALL_CHANGES.actions], from: this.#since, limit: PIECE }
    for (let before: number | null = null; ;) {
      const page: { readonly rows: readonly AuditEntry[]; readonly next: number | null } = await workspace.run(
        'audit.waiting',
        userId,
        { ...wanted, before },
      )
      for (const { id } of page.rows) ids.add(id)
      write(page.rows.map(changeLine))
      onLines(page.rows.length)
      before = page.next
      if (before === null) return
    }
  }

  /** Fetches the lines that are newer than those of the earlier rounds, or all lines if it finds no known line. */
  async #fetchRound(unsent: ReadonlySet<string>, onLines: OnLines): Promise<{ pages: number; isOverlapping: boolean }> {
    const earlier = this.#rounds.length < MOST_ROUNDS ? this.#newest : new Set<string>()
    const newest = new Set<string>()
    let [pages, isOverlapping, isConnected] = [0, false, false]
    const round = await this.#write(async (write) => {
      for (let cursor: string | undefined; ;) {
        const actions = [...CALL_CHANGES.actions]
        const query = { table: CALL_CHANGES.tableName, actions, from: this.#since, limit: PIECE, cursor }
        const page = await this.#source.trail(this.#signed, query)
        if (page === null) throw needsConnection()
        const end = page.rows.findIndex(({ id }) => earlier.has(id))
        const rows = end < 0 ? page.rows : page.rows.slice(0, end)
        if (rows.length > 0 || pages === 0) pages++
        for (const { id } of rows) {
          if (newest.size < PIECE) newest.add(id)
          isOverlapping ||= unsent.has(id)
        }
        write(rows.map(changeLine))
        onLines(rows.length)
        isConnected = end >= 0
        if (isConnected || page.next === null) return
        cursor = page.next
      }
    })
    // A round without a known line has all lines, and the earlier files are obsolete. This happens at the first round, after the maximum
    // number of rounds, and if this person may not read the newest known lines any more.
    const kept = isConnected ? this.#rounds : []
    if (!isConnected) this.#obsolete.push(...this.#rounds)
    this.#rounds = [...(round.lines === 0 ? [] : [round]), ...kept]
    if (round.lines === 0) removeFile(round.path)
    this.#newest = new Set([...newest, ...(isConnected ? earlier : [])].slice(0, PIECE))
    requireUndoable(
      this.#rounds.reduce((sum, { lines }) => sum + lines, 0),
      MOST_FETCHED,
    )
    return { pages, isOverlapping }
  }

  /** Writes lines to a new file. The file is removed if `work` fails. */
  async #write(work: (write: (lines: readonly ChangeLine[]) => void) => Promise<void>): Promise<Round> {
    const path = this.#temporary()
    const file = storing(path, () => new LineWriter(path))
    let lines = 0
    try {
      await work((piece) => {
        lines += piece.length
        requireUndoable(lines, MOST_FETCHED)
        storing(path, () => file.add(piece))
      })
      file.close()
      return { path, lines }
    } catch (error) {
      file.discard()
      throw error
    }
  }
}
