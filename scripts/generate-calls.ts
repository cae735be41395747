import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { createApplication } from '../app/application.ts'
import { defaultWorkers } from '../app/default-workers.ts'
import { generateDemo } from '../app/demo/demo-data.ts'
import { DEMO_CLIENT, DEMO_PASSWORD } from '../core/demo-account.ts'
import { must } from '../core/assert.ts'
import { createIdGenerator, type ClientId, type UserId } from '../core/id.ts'
import { insertCalls } from '../db/commands/calls.ts'
import { openWritable, type WritableDb } from '../db/open.ts'
import { checkpoint } from '../platform/sqlite/database.ts'
import { listLossReasons } from '../db/queries/loss-reasons.ts'
import { listUsers } from '../db/queries/users.ts'
import { writeTransaction } from '../db/write-transaction.ts'
import { productVersion } from './tree.ts'

const USAGE = `node scripts/generate-calls.ts --home=DIR [--calls=1000000]

Makes a demo client in DIR and fills it with so many calls, to see how the application feels with years of a large team.
Sign in as ${DEMO_CLIENT.adminEmail} with ${DEMO_PASSWORD}.`

const ROWS_A_TRANSACTION = 5_000
const ADDRESS = '127.0.0.1'

type Target = { readonly path: string; readonly clientId: ClientId; readonly userId: UserId; readonly calls: number }

/** The people, the reasons and the first three years, as `npm run demo` makes them. */
async function makeDemo(home: string): Promise<Target> {
  const application = createApplication({
    home,
    clock: Date.now,
    random: (length) => randomBytes(length),
    device: { name: 'generator', os: process.platform, version: productVersion(), address: ADDRESS },
    workers: defaultWorkers,
    log: () => {},
  })
  try {
    const api = application.apiOf(application.openConnection('generator'))
    let userId: UserId | undefined
    for await (const event of await api.workspace.createDemo()) if (event.kind === 'ready') userId = event.session.user.id
    const { path, clientId, calls } = await api.workspace.status()
    return { path, clientId, userId: must(userId, 'The demo ends with a session'), calls }
  } finally {
    await application.close()
  }
}

/** Further demos' calls, one seed after the other, all of the same people. */
function fill(db: WritableDb, { clientId, userId, calls: first }: Target, wanted: number): void {
  const now = Date.now()
  const newId = createIdGenerator(Date.now, (length) => randomBytes(length))
  const people = new Map(listUsers(db, clientId).map(({ email, id }) => [email, id]))
  const reasons = new Map(listLossReasons(db, clientId).map(({ name, id }) => [name, id]))
  let made = first
  for (let seed = 1; made < wanted; seed++) {
    const { users, calls } = generateDemo({ seed, now, timeZone: DEMO_CLIENT.timeZone })
    const idOf = new Map(users.map(({ id, email }) => [id, must(people.get(email), 'Every demo has the same people')]))
    const rows = calls.slice(0, wanted - made).map(({ lossReason, ...call }) => ({
      ...call,
      clientId,
      userId: must(idOf.get(call.userId), 'A call is somebody’s'),
      lossReasonId: lossReason === null ? null : (reasons.get(lossReason) ?? null),
    }))
    for (let begin = 0; begin < rows.length; begin += ROWS_A_TRANSACTION) {
      const context = { clientId, userId, ipAddress: ADDRESS, userAgent: 'generator', now: Date.now(), newTxId: newId() }
      writeTransaction(db, context, () => insertCalls(db, rows.slice(begin, begin + ROWS_A_TRANSACTION)))
    }
    made += rows.length
    process.stderr.write(`\r${made} of ${wanted} calls`)
  }
  process.stderr.write('\n')
}

const { values } = parseArgs({ options: { home: { type: 'string' }, calls: { type: 'string', default: '1000000' } } })
const wanted = Number(values.calls)
if (values.home === undefined || !Number.isSafeInteger(wanted) || wanted < 1) {
  process.stderr.write(`${USAGE}\n`)
  process.exitCode = 2
} else {
  const target = await makeDemo(values.home)
  const db = openWritable(target.path)
  fill(db, target, wanted)
  checkpoint(db.sqlite)
  db.close()
  process.stderr.write(`${target.path}\nSign in as ${DEMO_CLIENT.adminEmail} with ${DEMO_PASSWORD}.\n`)
}
