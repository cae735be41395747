import { zstdCompressSync } from 'node:zlib'
import type { z } from 'zod'
import { assert, must } from '../../core/assert.ts'
import { nextHybridTime, type HybridTime } from '../../core/hybrid-clock.ts'
import type { ClientId, Id, UserId } from '../../core/id.ts'
import { columnarRows, type Columnar } from '../../core/sync/columnar.ts'
import {
  DIGEST_HEADER,
  envelopeHeaders,
  envelopeText,
  pageEnvelopeSchema,
  pastEnvelopeSchema,
  readEnvelope,
  pushAnswerEnvelopeSchema,
  type PastEnvelope,
  type PushEnvelope,
} from '../../core/sync/envelope.ts'
import { fromErrorBody } from '../../core/sync/errors.ts'
import { fieldVersion } from '../../core/sync/field-versions.ts'
import type { Operation, OperationAction } from '../../core/sync/operation.ts'
import {
  PROTOCOL_HEADER,
  PROTOCOL_VERSION,
  ROW_COLUMNS,
  enrolResponseSchema,
  pageBodySchema,
  pastResponseSchema,
  pushAnswerBodySchema,
  type ConflictRecord,
  type EnrolResponse,
  type Page,
  type PastResponse,
  type PushRequest,
  type PushResponse,
} from '../../core/sync/protocol.ts'
import { encodePush } from '../../core/sync/push-batch.ts'
import { isSyncTable, unitOf, type Scalar, type SyncTableName } from '../../core/sync/tables.ts'
import { sha256 } from '../../platform/digest/sha256.ts'
import { SAMPLE_PASSWORD } from './sample-workspace.ts'

export type HeldRow = {
  readonly values: Readonly<Record<string, Scalar>>
  readonly version: number
  readonly base: number
  readonly overrides: Readonly<Record<string, number>> | null
}

export type DeviceOptions = {
  readonly url: string
  readonly newId: () => Id
  /** Returns the time, ms. It differs from the server's if the device's clock is wrong. */
  readonly clock?: () => number
}

type Answer = { readonly headers: Headers; readonly text: string; readonly body: unknown }

/**
 * Reads the envelope of an answer with the schema of its route, like the device.
 * @throws InvariantError if it is missing, malformed or of another body.
 */
function envelopeOf<S extends z.ZodType>(schema: S, { headers, text }: Answer): z.infer<S> {
  const header = (name: string) => headers.get(name)
  assert(header(DIGEST_HEADER) === sha256(envelopeText(header), text), 'The digest is that of the envelope and the body')
  return must(readEnvelope(schema, header), 'The answer has the envelope of its route')
}

type Change = {
  readonly table: SyncTableName
  readonly id: string
  readonly action: OperationAction
  readonly fields: Readonly<Record<string, Scalar>>
}

/**
 * A device at the level of the protocol, without a database. It holds rows in memory, makes operations and pulls the feed. It applies
 * answers like the engine, in the simplest form.
 */
export class TestDevice {
  readonly id: Id
  readonly newId: () => Id
  #url: string
  readonly #clock: () => number
  #hlc: HybridTime | null = null
  #deviceSeq = 0
  token: string | null = null
  userId: UserId | null = null
  cursor: string | null = null
  readonly rows = new Map<string, HeldRow>()
  readonly conflicts = new Map<string, ConflictRecord>()
  outbox: Operation[] = []
  /** Receives the unpacked text of every answer. */
  onReceive: ((text: string) => void) | undefined

  constructor({ url, newId, clock = Date.now }: DeviceOptions) {
    this.#url = url
    this.newId = newId
    this.#clock = clock
    this.id = newId()
  }

  async enrol(email: string, password = SAMPLE_PASSWORD, clientId?: ClientId): Promise<EnrolResponse> {
    const body = {
      email,
      password,
      device: { id: this.id, name: 'Test device' },
      ...(clientId === undefined ? {} : { clientId }),
    }
    const enrolled = enrolResponseSchema.parse(await this.post('/v1/enrol', body))
    this.token = enrolled.token
    this.userId = enrolled.user.id
    return enrolled
  }

  /** Changes the server's address. */
  moveTo(url: string): void {
    this.#url = url
  }

  /** @param envelope of a push; other routes ignore it. */
  headers(envelope: PushEnvelope = { sentAt: this.#clock(), cursor: this.cursor }): Record<string, string> {
    const common = {
      ...envelopeHeaders(envelope),
      [PROTOCOL_HEADER]: String(PROTOCOL_VERSION),
      'accept-encoding': 'zstd, gzip',
      'user-agent': 'Propaganda/0.1.0 (test) bench',
    }
    return this.token === null ? common : { ...common, authorization: `Bearer ${this.token}` }
  }

  /** Returns the body of the answer. @throws SyncError the server's refusal. */
  async post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
    return (await this.#post(path, body, { ...this.headers(), ...headers })).body
  }

  /** Returns the body of the answer. @throws SyncError the server's refusal. */
  async get(path: string): Promise<unknown> {
    return (await this.#get(path)).body
  }

  async #post(path: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Answer> {
    const packed = zstdCompressSync(JSON.stringify(body))
    const sent = { 'content-type': 'application/json', 'content-encoding': 'zstd', ...headers }
    return this.#read(await fetch(`${this.#url}${path}`, { method: 'POST', headers: sent, body: new Uint8Array(packed) }))
  }

  async #get(path: string): Promise<Answer> {
    return this.#read(await fetch(`${this.#url}${path}`, { headers: this.headers() }))
  }

  async #read(response: Response): Promise<Answer> {
    const text = await response.text()
    this.onReceive?.(text)
    const body: unknown = JSON.parse(text)
    if (!response.ok) throw fromErrorBody(body)
    return { headers: response.headers, text, body }
  }

  /** Makes one transaction of changes with the versions that the device holds, like the device's triggers. */
  change(changes: readonly Change[]): readonly Operation[] {
    this.#hlc = nextHybridTime(this.#hlc, this.#clock)
    const txId = this.newId()
    const made = changes.map(({ table, id, action, fields }): Operation => {
      const held = this.rows.get(`${table} ${id}`)
      const columns =
        action === 'UPDATE' ? new Set(Object.keys(fields).flatMap((name) => unitOf(table, name))) : new Set(Object.keys(fields))
      const operation: Operation = {
        opId: this.newId(),
        txId,
        deviceSeq: ++this.#deviceSeq,
        schemaVersion: 1,
        table,
        rowId: id,
        action,
        fields: Object.fromEntries(
          [...columns].map((name) => {
            const value = fields[name] ?? (Object.hasOwn(fields, name) ? null : (held?.values[name] ?? null))
            const base = held === undefined ? 0 : fieldVersion({ base: held.base, overrides: held.overrides }, table, name)
            return [name, action === 'UPDATE' ? { new: value, base } : { new: value }]
          }),
        ),
        hlc: must(this.#hlc, 'The clock ticked'),
        wallTime: this.#clock(),
      }
      return operation
    })
    for (const { table, id, action, fields } of changes) this.#applyOwn(table, id, action, fields)
    this.outbox.push(...made)
    return made
  }

  #applyOwn(table: SyncTableName, id: string, action: OperationAction, fields: Readonly<Record<string, Scalar>>): void {
    const key = `${table} ${id}`
    const held = this.rows.get(key) ?? { values: {}, version: 0, base: 0, overrides: null }
    if (action === 'DELETE') this.rows.delete(key)
    else if (action === 'INSERT' || action === 'UPDATE') this.rows.set(key, { ...held, values: { ...held.values, ...fields } })
  }

  insertCall(fields: Readonly<Record<string, Scalar>>, id: string = this.newId()): string {
    this.change([{ table: 'calls', id, action: 'INSERT', fields }])
    return id
  }

  deleteCall(id: string): readonly Operation[] {
    return this.change([{ table: 'calls', id, action: 'DELETE', fields: {} }])
  }

  restoreCall(id: string): readonly Operation[] {
    return this.change([{ table: 'calls', id, action: 'RESTORE', fields: {} }])
  }

  update(table: SyncTableName, id: string, fields: Readonly<Record<string, Scalar>>): readonly Operation[] {
    return this.change([{ table, id, action: 'UPDATE', fields }])
  }

  pushRequest(operations: readonly Operation[] = this.outbox): PushRequest {
    return { sentAt: this.#clock(), cursor: this.cursor, ...encodePush(operations) }
  }

  /** Sends the outbox and applies the verdicts. */
  async push(): Promise<PushResponse> {
    const sent = this.outbox
    const response = await this.send(this.pushRequest(sent))
    this.outbox = this.outbox.slice(sent.length)
    this.settle(sent, response)
    return response
  }

  async send(request: PushRequest): Promise<PushResponse> {
    const { sentAt, cursor, ...body } = request
    const answer = await this.#post('/v1/push', body, this.headers({ sentAt, cursor }))
    return { ...envelopeOf(pushAnswerEnvelopeSchema, answer), ...pushAnswerBodySchema.parse(answer.body) }
  }

  settle(sent: readonly Operation[], response: PushResponse): void {
    const doubtful = new Set([...response.merged, ...response.rejected.map(({ index }) => index)])
    for (const [index, op] of sent.entries()) {
      if (doubtful.has(index) || !isSyncTable(op.table)) continue
      const key = `${op.table} ${op.rowId}`
      const held = this.rows.get(key)
      const seq = must(response.seq[index], 'Every operation has a place')
      if (held === undefined) continue
      if (op.action === 'INSERT') this.rows.set(key, { ...held, version: seq, base: seq, overrides: null })
      if (op.action !== 'UPDATE') continue
      const overrides = { ...held.overrides }
      for (const name of Object.keys(op.fields)) overrides[must(unitOf(op.table, name)[0], 'A unit has columns')] = seq
      this.rows.set(key, { ...held, version: seq, overrides })
    }
    this.#take(response)
    this.cursor = response.cursor
  }

  /** Pulls one page: the snapshot's first page, or the page after the cursor. */
  async pullPage(): Promise<Page> {
    const path = this.cursor === null ? '/v1/snapshot' : `/v1/pull?cursor=${encodeURIComponent(this.cursor)}`
    const answer = await this.#get(path)
    const page = { ...envelopeOf(pageEnvelopeSchema, answer), ...pageBodySchema.parse(answer.body) }
    for (const what of page.forget) this.#forget(what)
    this.#take(page)
    this.cursor = page.cursor
    return page
  }

  /** Pulls everything up to the head. Returns the number of pages. */
  async pull(): Promise<number> {
    for (let pages = 1; ; pages++) {
      const before = this.cursor
      const page = await this.pullPage()
      if (page.complete) return pages
      if (page.cursor === before) throw new Error('The feed makes no progress')
    }
  }

  /** Returns the history of calls for an import, as far as one answer covers it. */
  async past(ids: readonly string[]): Promise<PastEnvelope & PastResponse> {
    const answer = await this.#post('/v1/past', { ids, names: true }, this.headers())
    return { ...envelopeOf(pastEnvelopeSchema, answer), ...pastResponseSchema.parse(answer.body) }
  }

  #forget(what: Page['forget'][number]): void {
    for (const [key, { values }] of this.rows) {
      if (what === 'calls_of_others' && key.startsWith('calls ') && values['user_id'] !== this.userId) this.rows.delete(key)
      if (what === 'user_details' && key.startsWith('users ')) this.rows.delete(key)
    }
  }

  #take({ rows, removed, conflicts }: Pick<Page, 'rows' | 'removed' | 'conflicts'>): void {
    for (const { table, id } of removed) this.rows.delete(`${table} ${id}`)
    for (const page of rows) this.#takeRows(page)
    for (const conflict of conflicts) this.conflicts.set(`${conflict.seq} ${conflict.columns.join()}`, conflict)
  }

  #takeRows(page: Columnar): void {
    for (const row of columnarRows(page)) {
      const {
        id,
        [ROW_COLUMNS.version]: version,
        [ROW_COLUMNS.base]: base,
        [ROW_COLUMNS.fields]: fields,
        [ROW_COLUMNS.by]: _by,
        ...values
      } = row
      const overrides = fields === null ? null : (JSON.parse(String(fields)) as Record<string, number>)
      this.rows.set(`${page.table} ${id}`, { values, version: Number(version), base: Number(base), overrides })
    }
  }

  row(table: SyncTableName, id: string): Readonly<Record<string, Scalar>> | undefined {
    return this.rows.get(`${table} ${id}`)?.values
  }

  ids(table: SyncTableName): string[] {
    return [...this.rows.keys()]
      .filter((key) => key.startsWith(`${table} `))
      .map((key) => key.slice(table.length + 1))
      .toSorted()
  }
}
