import type { LossReasonId, UserId } from '../../core/id.ts'
import type { Scalar } from '../../core/sync/tables.ts'

const FIRST = 'Anna Ben Clara David Emil Frida Georg Hanna Ivan Jana Karl Lena Max Nora Otto Paula Rosa Stefan Tina Uwe'.split(
  ' ',
)
const LAST = 'Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Bauer Richter Klein Wolf'.split(' ')
const WORDS =
  'asked about price wants a callback next week already has contract with competitor send offer by email not interested decision maker on holiday partner decides budget approved later quarter spoke briefly'.split(
    ' ',
  )
const OTHER_STATUSES = ['scheduled', 'no_show', 'rescheduled', 'cancelled'] as const
const OUTCOMES = ['won', 'lost', 'undecided'] as const

export type SampleCallsOptions = {
  readonly random: () => number
  readonly userIds: readonly UserId[]
  readonly lossReasonIds: readonly LossReasonId[]
  /** ms */
  readonly from: number
}

/** Generates fields of plausible calls: about half of the optional fields are filled, and calls are a minute or two apart. */
export function* sampleCalls({
  random,
  userIds,
  lossReasonIds,
  from,
}: SampleCallsOptions): Generator<Readonly<Record<string, Scalar>>> {
  const below = (limit: number) => Math.floor(random() * limit)
  const oneOf = <T>(values: readonly T[]): T => values[below(values.length)] as T
  let now = from
  for (;;) {
    now += below(120_000)
    const first = oneOf(FIRST)
    const last = oneOf(LAST)
    const completed = random() < 0.6
    const outcome = completed ? oneOf(OUTCOMES) : null
    yield {
      user_id: oneOf(userIds),
      prospect_name: `${first} ${last}`,
      prospect_email: random() < 0.5 ? `${first}.${last}${below(100)}@example.com`.toLowerCase() : null,
      prospect_phone: `+49 30 ${1_000_000 + below(8_999_999)}`,
      call_type: random() < 0.7 ? 'outbound' : 'inbound',
      status: completed ? 'completed' : oneOf(OTHER_STATUSES),
      outcome,
      loss_reason_id: outcome === 'lost' ? oneOf(lossReasonIds) : null,
      completed_at: completed ? now : null,
      notes: random() < 0.5 ? Array.from({ length: 4 + below(12) }, () => oneOf(WORDS)).join(' ') : null,
      call_duration: completed ? below(900) : null,
      scheduled_at: random() < 0.3 ? now - below(10_000_000) : null,
      created_at: now,
    }
  }
}
