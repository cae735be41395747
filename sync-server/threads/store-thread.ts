import { randomBytes } from 'node:crypto'
import { workerData } from 'node:worker_threads'
import { unreachable } from '../../core/assert.ts'
import { createIdGenerator, type ClientId } from '../../core/id.ts'
import { DIGEST_HEADER, envelopeHeaders, envelopeText, type PushEnvelope } from '../../core/sync/envelope.ts'
import type { EnrolRequest, PastRequest, PublishRequest, PushBody } from '../../core/sync/protocol.ts'
import { packBody, type Encoding, type Packed } from '../service/body.ts'
import { enrolDevice, findAccounts, recordFailure } from '../service/enrol.ts'
import { readAudit, readHistory } from '../service/history.ts'
import { readPage } from '../service/page.ts'
import { readPast } from '../service/past.ts'
import { publish } from '../service/publish.ts'
import { push, type Change, type Metered, type RequestOrigin } from '../service/push.ts'
import { isTeamDue, publishTeam, readTeam } from '../service/team.ts'
import { authenticate } from '../service/authenticate.ts'
import { scopeOf } from '../../core/sync/scope.ts'
import { SqliteStore } from '../store/sqlite/sqlite-store.ts'
import type { Account, Principal } from '../store/store.ts'
import { sha256 } from '../../platform/digest/sha256.ts'
import { notify, serve } from '../../platform/threads/serve.ts'

/** The thread that opens the file for writing creates it, so its first request comes before those of the readers. */
export type StoreThreadData = { readonly path: string; readonly newEpoch: string | null }

type Sent = {
  readonly token: string | undefined
  readonly origin: RequestOrigin
  /** Checked by the intake thread. */
  readonly json: Uint8Array
  readonly accept: Encoding
}

export type StoreRequest =
  | ({ readonly do: 'push'; readonly envelope: PushEnvelope } & Sent)
  | ({ readonly do: 'publish' } & Sent)
  | { readonly do: 'page'; readonly token: string | undefined; readonly cursor: string | null; readonly accept: Encoding }
  | {
      readonly do: 'history'
      readonly token: string | undefined
      readonly table: string
      readonly rowId: string
      readonly accept: Encoding
    }
  | {
      readonly do: 'audit'
      readonly token: string | undefined
      /** Still unparsed. */
      readonly query: Readonly<Record<string, unknown>>
      readonly accept: Encoding
    }
  | { readonly do: 'past'; readonly token: string | undefined; readonly request: PastRequest; readonly accept: Encoding }
  | { readonly do: 'team'; readonly token: string | undefined; readonly since: number; readonly accept: Encoding }
  | { readonly do: 'isTeamDue' | 'publishTeam'; readonly token: string | undefined }
  | { readonly do: 'whoami'; readonly token: string | undefined }
  | { readonly do: 'accounts'; readonly email: string; readonly clientId: ClientId | undefined }
  | { readonly do: 'failed'; readonly origin: RequestOrigin; readonly accounts: readonly Account[] }
  | {
      readonly do: 'enrol'
      readonly origin: RequestOrigin
      readonly account: Account
      readonly device: EnrolRequest['device']
      readonly token: string | undefined
    }
  | { readonly do: 'check' }

/** An answer ready for the wire, with its envelope as headers, `clientId` for the log, and `metered` for a push. */
export type WireAnswer = Packed & {
  readonly headers: Readonly<Record<string, string>>
  readonly clientId: ClientId
  readonly metered?: Metered
}
type EnvelopeOf = Parameters<typeof envelopeHeaders>[0]
export type WhoAmI = Pick<Principal, 'clientId' | 'userId' | 'deviceId'> & {
  readonly head: number
  readonly everyonesCalls: boolean
}

const { path, newEpoch } = workerData as StoreThreadData
const store = new SqliteStore(path, newEpoch)
const newId = createIdGenerator(Date.now, (length) => randomBytes(length))
const newToken = () => randomBytes(32).toString('base64url')

function notifyOf(change: Change | null): void {
  if (change !== null) notify(change)
}

/** A body that the intake thread has checked against the schema of its kind. */
function checked(json: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(json))
}

/** @param json the body, which an envelope's digest covers. */
function answerOf(json: Uint8Array, accept: Encoding, clientId: ClientId, envelope: EnvelopeOf = {}): WireAnswer {
  const headers = envelopeHeaders(envelope)
  if (Object.keys(headers).length > 0)
    headers[DIGEST_HEADER] = sha256(
      envelopeText((name) => headers[name]),
      json,
    )
  return { ...packBody(json, accept), headers, clientId }
}

function pack(value: unknown, accept: Encoding, clientId: ClientId, envelope: EnvelopeOf = {}): WireAnswer {
  return answerOf(Buffer.from(JSON.stringify(value)), accept, clientId, envelope)
}

async function answer(request: StoreRequest): Promise<unknown> {
  const context = { store, now: Date.now(), newId, newToken }
  switch (request.do) {
    case 'push': {
      const body = checked(request.json) as PushBody
      const pushed = await push(context, request.token, request.origin, { ...request.envelope, ...body })
      notifyOf(pushed.change)
      const { epoch, cursor, complete, ...response } = pushed.response
      const packed = pack(response, request.accept, pushed.clientId, { epoch, cursor, complete })
      return { ...packed, metered: pushed.metered } satisfies WireAnswer
    }
    case 'publish': {
      const body = checked(request.json) as PublishRequest
      return pack(await publish(context, request.origin, body), request.accept, body.clientId)
    }
    case 'page': {
      const { envelope, json, clientId } = await readPage({ store, token: request.token, cursor: request.cursor })
      return answerOf(json, request.accept, clientId, envelope)
    }
    case 'history': {
      const { history, clientId } = await readHistory(store, request.token, request.table, request.rowId)
      return pack(history, request.accept, clientId)
    }
    case 'audit': {
      const { page, clientId } = await readAudit(store, request.token, request.query)
      return pack(page, request.accept, clientId)
    }
    case 'past': {
      const { past, covered, clientId } = await readPast(store, request.token, request.request)
      return pack(past, request.accept, clientId, { covered })
    }
    case 'team': {
      const { answer: team, clientId } = await readTeam({ ...context, token: request.token, since: request.since })
      return pack(team, request.accept, clientId)
    }
    case 'isTeamDue':
      return isTeamDue({ ...context, token: request.token })
    case 'publishTeam':
      return publishTeam({ ...context, token: request.token })
    case 'whoami':
      return store.read(async (tx): Promise<WhoAmI> => {
        const principal = await authenticate(tx, request.token)
        const { clientId, userId, deviceId, role } = principal
        const head = (await tx.client(clientId))?.head ?? 0
        return { clientId, userId, deviceId, head, everyonesCalls: scopeOf(role).calls === 'all' }
      })
    case 'accounts':
      return findAccounts(store, { email: request.email, clientId: request.clientId })
    case 'failed':
      return recordFailure(context, request.origin, request.accounts)
    case 'enrol': {
      const { response, change } = await enrolDevice(context, request.origin, request.account, request.device, request.token)
      notifyOf(change)
      return response
    }
    case 'check':
      return store.check()
    default:
      return unreachable(request)
  }
}

serve(
  (request) => answer(request as StoreRequest),
  () => store.close(),
)
