import type { Call } from '../../core/model/call.ts'
import type { Id } from '../../core/id.ts'
import type { Role } from '../../core/roles.ts'

/** The password of every demo account. It protects nothing: all that it opens is generated. */
export const DEMO_PASSWORD = 'propaganda-demo'

/** With whom the demo workspace is created, and who is signed in when it is ready. */
export const DEMO_CLIENT = {
  clientName: 'Nordlicht Energie (demo)',
  timeZone: 'Europe/Berlin',
  adminName: 'Ada Lindqvist',
  adminEmail: 'ada@nordlicht.example',
} as const

export type DemoUser = {
  readonly id: Id
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly isActive: boolean
  readonly createdAt: number
}
export type DemoLossReason = {
  readonly id: Id
  readonly name: string
  readonly description: string | null
  readonly isActive: boolean
  readonly createdAt: number
}
export type DemoCall = Omit<Call, 'clientId' | 'lossReasonId' | 'eventAt' | 'updatedAt'> & {
  /** By name: the workspace has some of the reasons already, under ids of its own. */
  readonly lossReason: string | null
}

export type DemoData = {
  readonly users: readonly DemoUser[]
  readonly lossReasons: readonly DemoLossReason[]
  /** In the order of their creation. */
  readonly calls: readonly DemoCall[]
}

export type DemoOptions = {
  /** The same seed, time and zone give the same data, ids included. */
  readonly seed: number
  /** ms UTC; the last three years up to here are filled, and some days beyond with scheduled calls. */
  readonly now: number
  readonly timeZone: string
}

/** The people, loss reasons and calls of a believable client: three years, uneven weeks, 20,000 to 30,000 calls. */
export function generateDemo(_options: DemoOptions): DemoData {
  throw new Error('Not written yet')
}
