import { DateTime } from 'luxon'
import type { CallId } from '../id.ts'
import { sentence } from '../messages/sentence.ts'
import type { Translatable } from '../messages/text.ts'
import type { Reminder } from './reminders.ts'

/** The text of a notification. */
export type NoticeText = { readonly title: Translatable; readonly body: Translatable }

/** A notification of one call, or of several that are combined. */
export type Notice = {
  /** Identifies the notification. A later one about the same call replaces it. */
  readonly tag: string
  /** The call to open; null: several. */
  readonly callId: CallId | null
  readonly calls: readonly CallId[]
  /** Contains no name, for a screen that others may see. */
  readonly plain: NoticeText
  readonly named: NoticeText
}

/** More reminders than this at one time are combined. */
const MOST_ALONE = 2
/** A reminder that is late by more than this reports a missed call, ms. */
const LATE = 2 * 60_000
const MINUTE = 60_000

/** Returns the notifications for the reminders that were taken together. @param zone IANA zone of the client */
export function noticesOf(reminders: readonly Reminder[], now: number, zone: string): Notice[] {
  const time = (at: number) => DateTime.fromMillis(at, { zone }).toFormat('HH:mm')
  const [first] = reminders
  if (first === undefined) return []
  if (reminders.length > MOST_ALONE) {
    const text = {
      title: sentence('reminder.calls', { count: reminders.length }),
      body: sentence(first.at <= now ? 'reminder.first-was' : 'reminder.first-is', { time: time(first.at) }),
    }
    const calls = reminders.map(({ id }) => id)
    return [{ tag: `calls:${first.id}`, callId: null, calls, plain: text, named: text }]
  }
  return reminders.map((reminder) => {
    const { id, at, prospectName } = reminder
    const title = titleOf(reminder, now)
    return {
      tag: `call:${id}`,
      callId: id,
      calls: [id],
      plain: { title, body: sentence('reminder.a-call', { time: time(at) }) },
      named: { title, body: sentence('reminder.call-with', { name: prospectName, time: time(at) }) },
    }
  })
}

function titleOf({ kind, at }: Reminder, now: number): Translatable {
  if (kind === 'due') return sentence(now - at > LATE ? 'reminder.missed' : 'reminder.now')
  return sentence('reminder.in', { minutes: Math.max(1, Math.round((at - now) / MINUTE)) })
}
