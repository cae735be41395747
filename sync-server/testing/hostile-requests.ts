import { zstdCompressSync } from 'node:zlib'
import { LIMITS, type PushRequest } from '../../core/sync/protocol.ts'
import { SYNC_TABLE_NAMES, type Scalar } from '../../core/sync/tables.ts'
import { requestHead, type RawRequest } from './raw-request.ts'
import { LOST_UNIT, NO_SHOW_UNIT, wonCall, type SampleWorkspace } from './sample-workspace.ts'
import type { TestDevice } from './test-device.ts'

export type Hostile = {
  readonly random: () => number
  /** Devices of an agent of `acme`, with valid tokens. */
  readonly devices: readonly TestDevice[]
  readonly acme: SampleWorkspace
  readonly bolt: SampleWorkspace
  /** Calls that the agent may not see. */
  readonly foreignCalls: readonly string[]
  /** The operations that the first device pushed before. */
  readonly replay: PushRequest
}

type Change = Parameters<TestDevice['change']>[0][number]

const ADDRESSES = Array.from({ length: 12 }, (_, n) => `127.0.0.${n + 2}`)
const PATHS = [
  '/v1/push',
  '/v1/enrol',
  '/v1/publish',
  '/v1/snapshot',
  '/v1/pull',
  '/v1/events',
  '/v1/history/calls/x',
  '/',
  '/v1/',
  '/ready/x',
]
const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET']

/** Bodies that are small when compressed, but large or deep in memory. */
const BOMBS: readonly Uint8Array[] = [
  zstdCompressSync(Buffer.alloc(LIMITS.requestBytes - 100, '[')),
  zstdCompressSync(Buffer.alloc(LIMITS.requestBytes - 100, ' ')),
  zstdCompressSync(Buffer.alloc(LIMITS.requestBytes + 100, '0')),
  zstdCompressSync(`{"sentAt":${'{"a":'.repeat(1_000_000)}`),
  zstdCompressSync(`[${'[],'.repeat(2_000_000)}0]`),
  Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 0x01, 0x00, 0x00]),
]

/** Any value as a header that a sender can choose. */
function headerText(value: unknown): string {
  return String(value)
    .replaceAll(/[^ -~]/g, '?')
    .slice(0, 2_000)
}

/** Generates requests that a server has to refuse, from a seed. */
export class HostileRequests {
  readonly #given: Hostile

  constructor(given: Hostile) {
    this.#given = given
  }

  /** Returns a complete request. */
  request(): RawRequest {
    const from = this.#oneOf(ADDRESSES)
    return { from, ...this.#oneOf(this.#kinds)() }
  }

  /** Returns the beginning of a request that never ends, and whether its connection stays open. */
  halfRequest(): { readonly from: string; readonly parts: readonly (string | Uint8Array)[] } {
    const json = { ...this.#device.headers(), 'content-type': 'application/json' }
    const bytes = this.#below(300_000)
    const parts = this.#oneOf<readonly (string | Uint8Array)[]>([
      [''],
      ['POST /v1/push HTTP/1.1\r\nhost: x\r\n'],
      [`GET /${'a'.repeat(this.#below(20_000))} HTTP/1.1\r\n`],
      [requestHead('POST', '/v1/push', { ...json, 'content-length': '4000000' }), Buffer.alloc(bytes, ' ')],
      [requestHead('POST', '/v1/push', { ...json, 'transfer-encoding': 'chunked' }), '5\r\n{"a":\r\n'.repeat(this.#below(3_000))],
      [requestHead('POST', '/v1/enrol', { ...json, 'content-length': '9000' }), Buffer.alloc(100, ' ')],
      [requestHead('GET', '/v1/events', { ...json, authorization: 'Bearer x' })],
      [Buffer.from(Uint8Array.from({ length: 500 }, () => this.#below(256)))],
    ])
    return { from: this.#oneOf(ADDRESSES), parts }
  }

  get #device(): TestDevice {
    return this.#oneOf(this.#given.devices)
  }

  #below(limit: number): number {
    return Math.floor(this.#given.random() * limit)
  }

  #oneOf<T>(values: readonly T[]): T {
    return values[this.#below(values.length)] as T
  }

  readonly #kinds: readonly (() => RawRequest)[] = [
    () => this.#push(this.#forbiddenPush()),
    () => this.#push(this.#forbiddenPush()),
    () => this.#push(this.#mutate(this.#mutate(this.#forbiddenPush()))),
    () => this.#replay(),
    () => this.#replay((request) => ({ ...request, shapes: this.#mutate(request.shapes) })),
    () => this.#replay((request) => ({ ...request, cursor: this.#editedCursor() })),
    () => this.#packed('/v1/publish', { step: this.#oneOf(['begin', 'chunk', 'finish']), clientId: this.#given.acme.clientId }),
    () => this.#packed('/v1/enrol', { email: 'nobody', password: String(this.#given.random()), device: { id: 'x' } }),
    () => this.#spoilt(),
    () => this.#spoilt(),
    () => ({ ...this.#packed('/v1/push', null), body: this.#oneOf(BOMBS), path: this.#oneOf(PATHS.slice(0, 3)) }),
    () => this.#strange(),
    () => this.#strange(),
    () => this.#get(`/v1/pull?cursor=${encodeURIComponent(this.#editedCursor())}`),
    () => this.#get(`/v1/pull?cursor=${encodeURIComponent(String(this.#garbage()).slice(0, 2_000))}`),
    () => this.#get(`/v1/history/${this.#oneOf(['calls', 'users', 'clients', 'server', '..'])}/${this.#foreignRecord()}`),
    () => {
      const authorization = `Bearer ${String(this.#given.random()).padEnd(43, 'A').slice(0, 43)}`
      return { method: 'GET', path: this.#oneOf(PATHS.slice(3)), headers: { ...this.#device.headers(), authorization } }
    },
  ]

  #get(path: string): RawRequest {
    return { method: 'GET', path, headers: this.#device.headers() }
  }

  #foreignRecord(): string {
    const { acme, bolt, foreignCalls } = this.#given
    return this.#oneOf([...foreignCalls, acme.people.admin.id, bolt.clientId])
  }

  #packed(path: string, body: unknown, device = this.#device): RawRequest {
    const headers = { ...device.headers(), 'content-type': 'application/json', 'content-encoding': 'zstd' }
    return { method: 'POST', path, headers, body: new Uint8Array(zstdCompressSync(JSON.stringify(body))) }
  }

  /** Returns a push whose envelope is as valid as that of `request`. */
  #push(request: unknown, device = this.#device): RawRequest {
    const { sentAt, cursor } = request !== null && typeof request === 'object' ? (request as Partial<PushRequest>) : {}
    const sent = this.#packed('/v1/push', request, device)
    const envelope = { 'propaganda-sent-at': headerText(sentAt), 'propaganda-cursor': headerText(cursor) }
    return { ...sent, headers: { ...sent.headers, ...envelope } }
  }

  /** Returns a push that was sent before, unchanged or changed. */
  #replay(change: (request: PushRequest) => unknown = (request) => request): RawRequest {
    return this.#push(change(this.#given.replay), this.#given.devices[0])
  }

  /** Returns an invalid body, or one with a wrong content type. */
  #spoilt(): RawRequest {
    const sent = this.#packed(this.#oneOf(PATHS.slice(0, 3)), this.#forbiddenPush())
    const body = sent.body ?? new Uint8Array()
    const headers = sent.headers ?? {}
    return this.#oneOf<() => RawRequest>([
      () => ({ ...sent, body: body.subarray(0, this.#below(body.length)) }),
      () => ({ ...sent, body: Uint8Array.from(body, (byte) => (this.#given.random() < 0.01 ? this.#below(256) : byte)) }),
      () => ({ ...sent, headers: { ...headers, 'content-encoding': this.#oneOf(['gzip', 'br', 'identity', 'zstd, gzip', '']) } }),
      () => ({
        ...sent,
        headers: { ...headers, 'content-type': this.#oneOf(['text/plain', 'application/json; charset=utf-16', 'x']) },
      }),
      () => ({ ...sent, headers: { ...headers, 'propaganda-protocol': this.#oneOf(['', '0', '1', '1e0 ', 'NaN']) } }),
      () => ({ ...sent, body: Buffer.concat([body, body]) }),
      () => ({ ...sent, headers: { ...headers, 'accept-encoding': 'x,'.repeat(this.#below(2_000)) } }),
      () => ({ ...sent, headers: { ...headers, 'user-agent': 'u'.repeat(this.#below(9_000)) } }),
    ])()
  }

  #strange(): RawRequest {
    const body = Uint8Array.from({ length: this.#below(3_000) }, () => this.#below(256))
    const type = this.#oneOf(['application/json', 'text/html', 'x'])
    const path = this.#given.random() < 0.5 ? this.#oneOf(PATHS) : `/v1/${encodeURI(String(this.#garbage()).slice(0, 300))}`
    return { method: this.#oneOf(METHODS), path, headers: { ...this.#device.headers(), 'content-type': type }, body }
  }

  /** Returns a cursor of the device with some changed characters, or an invented one in the right form. */
  #editedCursor(): string {
    const cursor = this.#device.cursor ?? ''
    const at = this.#below(cursor.length)
    const letters = '0123456789abcdefxo.-n '.split('')
    return this.#oneOf([
      cursor.slice(0, at) + this.#oneOf(letters) + cursor.slice(at + 1),
      cursor.slice(0, at) + this.#oneOf(letters) + cursor.slice(at),
      cursor.slice(0, at) + cursor.slice(at + 1),
      cursor.replace(/\d+/g, (digits) => (this.#given.random() < 0.5 ? String(this.#below(1_000)) : digits)),
      `${cursor}.${this.#below(100)}`,
    ])
  }

  #garbage(): Scalar {
    const { random, bolt } = this.#given
    return this.#oneOf<() => Scalar>([
      () => null,
      () => this.#below(2 ** 31) - 2 ** 30,
      () => Number.MAX_SAFE_INTEGER - this.#below(3),
      () => random() * 1e300,
      () => '',
      () => 'x'.repeat(this.#below(20_000)),
      () => `' OR 1=1; DROP TABLE calls; --`,
      () => '\u0000',
      () => `$2b$${this.#oneOf(['00', '31'])}$${'a'.repeat(53)}`,
      () => this.#newId(),
      () => bolt.people.agent.id,
      () => 'admin',
    ])()
  }

  #newId(): string {
    return this.#device.newId()
  }

  #forbiddenPush(): PushRequest {
    const device = this.#device
    device.outbox = []
    const count = 1 + this.#below(4)
    for (let n = 0; n < count; n++) device.change(Array.from({ length: 1 + this.#below(3) }, () => this.#forbidden()))
    const request = device.pushRequest()
    device.outbox = []
    return request
  }

  /** Returns a change that an agent is not allowed to make, or that breaks the model. */
  #forbidden(): Change {
    const { acme, bolt, foreignCalls } = this.#given
    const { agent: me, other, admin, viewer } = acme.people
    const foreign = () => this.#oneOf(foreignCalls)
    const person = () => this.#oneOf([other.id, admin.id, viewer.id, bolt.people.admin.id, this.#newId()])
    const role = () => this.#oneOf(['admin', 'team_lead', 'viewer', 'root'])
    const newCall = (fields: Change['fields']): Change => ({ table: 'calls', id: this.#newId(), action: 'INSERT', fields })
    const edit = (table: Change['table'], id: string, fields: Change['fields']): Change => ({
      table,
      id,
      action: 'UPDATE',
      fields,
    })
    const event = (table: Change['table'], id: string, action: Change['action']): Change => ({
      table,
      id,
      action,
      fields: { rows: 1 },
    })
    const column = () => this.#oneOf(['status', 'call_type', 'outcome', 'user_id'])
    return this.#oneOf<() => Change>([
      () => edit('calls', foreign(), { notes: 'mine' }),
      () => edit('calls', foreign(), { user_id: me.id }),
      () => edit('calls', foreign(), this.#oneOf([NO_SHOW_UNIT, LOST_UNIT(this.#newId())])),
      () => ({ table: 'calls', id: foreign(), action: 'DELETE', fields: {} }),
      () => ({ table: 'calls', id: foreignCalls[0] ?? '', action: 'INSERT', fields: wonCall(me.id) }),
      () => newCall(wonCall(person())),
      () => newCall({ ...wonCall(me.id), [column()]: this.#oneOf(['asleep', '', -1]) }),
      () => newCall({ ...wonCall(me.id), notes: ` ${'x'.repeat(this.#below(30_000))}` }),
      () => edit('calls', this.#newId(), { notes: 'of nothing' }),
      () => edit('users', me.id, { role: role() }),
      () => edit('users', me.id, { is_active: 1, name: 'Boss' }),
      () => edit('users', person(), { password_hash: this.#garbage() }),
      () => edit('users', person(), { is_active: 0 }),
      () => ({
        table: 'users',
        id: this.#newId(),
        action: 'INSERT',
        fields: { name: 'New', role: role(), is_active: 1, email: 'new@acme.test', created_at: 1 },
      }),
      () => ({ table: 'users', id: person(), action: 'LOGIN', fields: {} }),
      () => edit('loss_reasons', this.#oneOf([...acme.lossReasonIds, ...bolt.lossReasonIds]), { name: 'Gone' }),
      () => edit('client_settings', 'time_zone', { value: this.#oneOf(['"UTC"', '['.repeat(60_000)]) }),
      () => edit('clients', this.#oneOf([acme.clientId, bolt.clientId]), { name: 'Taken over' }),
      () => ({ table: this.#oneOf(SYNC_TABLE_NAMES), id: person(), action: 'DELETE', fields: {} }),
      () => event('calls', this.#newId(), 'IMPORT'),
      () => event('clients', acme.clientId, this.#oneOf(['BACKUP', 'RESTORE'])),
    ])()
  }

  /** Overwrites, removes or repeats a part of the value. */
  #mutate(value: unknown): unknown {
    if (Array.isArray(value)) {
      const copy: unknown[] = [...value]
      const at = this.#below(Math.max(1, copy.length))
      const what = this.#below(4)
      if (what === 0) copy.splice(at, 1)
      else if (what === 1) copy.splice(at, 0, this.#garbage())
      else copy[at] = this.#mutate(copy[at])
      return copy
    }
    if (typeof value === 'object' && value !== null) {
      const key = this.#oneOf(Object.keys(value))
      return { ...value, [this.#given.random() < 0.1 ? '__proto__' : key]: this.#mutate((value as Record<string, unknown>)[key]) }
    }
    return this.#garbage()
  }
}
