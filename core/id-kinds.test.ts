import { expectTypeOf, test } from 'vitest'
import type { z } from 'zod'
import type { CallId, ClientId, DeviceId, Id, LossReasonId, OpId, TxId, UserId, clientIdSchema, userIdSchema } from './id.ts'
import type { Call, callFieldsSchema } from './model/call.ts'
import type { Client, LossReason, User } from './model/people.ts'

type Kinds = {
  readonly client: ClientId
  readonly user: UserId
  readonly call: CallId
  readonly lossReason: LossReasonId
  readonly op: OpId
  readonly tx: TxId
  readonly device: DeviceId
}
/** The pairs of different kinds of which one is accepted in place of the other. */
type Confused = {
  [A in keyof Kinds]: { [B in Exclude<keyof Kinds, A>]: Kinds[A] extends Kinds[B] ? `${A} for ${B}` : never }[Exclude<
    keyof Kinds,
    A
  >]
}[keyof Kinds]

// The compiler runs these tests: `npx tsc -b` fails where an assertion is wrong.
test('no kind of id is accepted in place of another', () => {
  expectTypeOf<Confused>().toBeNever()
  const callOf = (clientId: ClientId, callId: CallId) => [clientId, callId]
  const [client, user, call]: [ClientId, UserId, CallId] = ['client', 'user', 'call']
  callOf(client, call)
  // @ts-expect-error A user is not a client.
  callOf(user, call)
  // @ts-expect-error A user is not a call.
  callOf(client, user)
  // @ts-expect-error The arguments are exchanged.
  callOf(call, client)
})

test('an id without a kind is accepted for every kind, and every kind is an id', () => {
  expectTypeOf<Id>().toExtend<Kinds[keyof Kinds]>()
  expectTypeOf<Kinds[keyof Kinds]>().toExtend<Id>()
})

test('the schemas give ids of a kind, and take them', () => {
  expectTypeOf<z.output<typeof clientIdSchema>>().toEqualTypeOf<ClientId>()
  expectTypeOf<z.input<typeof userIdSchema>>().toEqualTypeOf<UserId>()
  expectTypeOf<z.input<typeof callFieldsSchema>['userId']>().toEqualTypeOf<UserId>()
  expectTypeOf<[Client['id'], User['id'], Call['id'], LossReason['id']]>().toEqualTypeOf<
    [ClientId, UserId, CallId, LossReasonId]
  >()
  expectTypeOf<[Call['clientId'], Call['userId'], Call['lossReasonId']]>().toEqualTypeOf<
    [ClientId, UserId, LossReasonId | null]
  >()
})
