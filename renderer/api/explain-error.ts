import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg, t } from '@lingui/core/macro'
import { ORPCError } from '@orpc/client'
import { STORAGE_REASONS, type ApiErrorCode, type StorageReason } from '../../core/errors.ts'
import { saidSchema, sentenceSchema, type Said } from '../../core/messages/text.ts'
import { ConnectionLostError, NoAnswerError } from './connection.ts'
import { doNotCallText } from './do-not-call-text.ts'
import { sentencesText, sentenceText } from '../format/sentence-text.ts'

/** The text of an error: what happened, and what was kept or what to do. */
export type Explanation = { readonly title: string; readonly detail: string }

const STORAGE_TITLES: Readonly<Record<StorageReason, MessageDescriptor>> = {
  busy: msg`The database is busy`,
  full: msg`The disk is full`,
  readonly: msg`The disk is read-only`,
  damaged: msg`The database is damaged`,
  newer: msg`This workspace was last opened with a newer version`,
  foreign: msg`Another program changed this workspace`,
  io: msg`The database could not be read or written`,
}

type ReceivedError = ORPCError<string, unknown>

/**
 * The texts by code. The detail is the application's message where it is more specific: it names the conflicting record. Where the title
 * repeats the beginning of the message, the detail is only `kept`.
 */
const TEXTS: Readonly<Record<ApiErrorCode, (error: ReceivedError) => Explanation>> = {
  UNAUTHENTICATED: () => ({
    title: t`You are not signed in`,
    detail: t`What you typed into a call is kept. Sign in to continue.`,
  }),
  SESSION_EXPIRED: () => ({
    title: t`Your session has ended`,
    detail: t`What you typed into a call is kept. Sign in again to continue.`,
  }),
  SESSION_LOCKED: () => ({ title: t`The session is locked`, detail: t`Nothing was lost. Enter your password to continue.` }),
  ACCOUNT_DEACTIVATED: (error) => ({ title: t`This account was deactivated`, detail: keptOf(error) }),
  WRONG_CREDENTIALS: () => ({ title: t`Sign-in refused`, detail: t`E-mail or password is wrong. Check both, then try again.` }),
  THROTTLED: () => ({ title: t`Too many wrong passwords`, detail: t`Wait until the time is up, then try again.` }),
  CHOOSE_CLIENT: () => ({ title: t`Your sign-in works for several clients`, detail: t`Choose one.` }),
  FORBIDDEN: (error) => ({ title: t`Your role does not allow this`, detail: keptOf(error) }),
  NOT_FOUND: () => ({
    title: t`This record does not exist`,
    detail: t`It was deleted, or you don’t have access to it. Go back to the list.`,
  }),
  CONFLICT: (error) => ({ title: t`This could not be saved`, detail: messageOf(error) }),
  DO_NOT_CALL: (error) => ({
    title: t`This prospect does not want to be called`,
    detail: doNotCallText(error.data) ?? messageOf(error),
  }),
  INVALID: (error) => ({ title: t`Some values are not valid`, detail: messageOf(error) }),
  UNREACHABLE: (error) => ({ title: t`The server was not reached`, detail: messageOf(error) }),
  REFUSED_BY_SERVER: (error) => ({ title: t`The server refused this`, detail: messageOf(error) }),
  UNREADABLE_FILE: (error) => ({ title: t`The file could not be read`, detail: messageOf(error) }),
  STORAGE: (error) => ({ title: i18n.t(STORAGE_TITLES[storageReason(error.data)]), detail: keptOf(error) }),
}

function isErrorCode(code: string): code is ApiErrorCode {
  return Object.hasOwn(TEXTS, code)
}

function explainCode(error: ReceivedError): Explanation | undefined {
  if (!isErrorCode(error.code)) return undefined
  return TEXTS[error.code](error)
}

/** Returns the message as data; undefined if the application did not send it. */
function saidIn({ data }: ReceivedError): Said | undefined {
  const said = saidSchema.safeParse(member(data, 'said'))
  return said.success ? said.data : undefined
}

/** Returns the whole message in the language of the window. */
function messageOf(error: ReceivedError): string {
  const said = saidIn(error)
  return said === undefined ? error.message : sentencesText([...said.happened, ...said.kept])
}

function keptOf(error: ReceivedError): string {
  const said = saidIn(error)
  if (said !== undefined) return sentencesText(said.kept)
  const kept = member(error.data, 'kept')
  return typeof kept === 'string' ? kept : error.message
}

function storageReason(data: unknown): StorageReason {
  const reason = member(data, 'reason')
  return STORAGE_REASONS.find((each) => each === reason) ?? 'io'
}

function member(data: unknown, key: string): unknown {
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[key] : undefined
}

export function explainError(error: unknown): Explanation {
  if (error instanceof ConnectionLostError)
    return error.sent
      ? {
          title: t`The connection was lost before the answer came`,
          detail: t`What you typed is kept. It may already be saved. Check the list before you save again.`,
        }
      : {
          title: t`There is no connection to the application`,
          detail: t`What you typed is kept. Try again when the connection is back.`,
        }
  if (error instanceof NoAnswerError)
    return {
      title: t`The application did not answer in time`,
      detail: t`What you typed is kept. Check the list before you save again.`,
    }
  if (error instanceof ORPCError) {
    const known = explainCode(error)
    if (known !== undefined) return known
    if (error.code === 'BAD_REQUEST')
      return {
        title: t`This could not be processed`,
        detail: t`Nothing was changed. Check the fields, then try again.`,
      }
  }
  return {
    title: t`Something went wrong`,
    detail: t`What you typed into a call is kept. Try again; if it happens again, restart the application and contact your administrator.`,
  }
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof ORPCError ? error.code : undefined
}

/** Whether a call was not saved because its prospect is on the do-not-call list. The person may confirm it. */
export const isDoNotCall = (error: unknown): boolean => errorCode(error) === 'DO_NOT_CALL'

/** Returns the issues of single fields by the name of the field; empty if the error has none. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ORPCError)) return {}
  const found: Record<string, string> = {}
  const issues = member(error.data, 'issues')
  if (Array.isArray(issues))
    for (const issue of issues) {
      const path = member(issue, 'path')
      const rule = sentenceSchema.safeParse(issue)
      // Issues of the schema have the path as a list; those of the application as text.
      const field: unknown = Array.isArray(path) ? path.filter((part) => part !== 'patch')[0] : path
      if (typeof field === 'string' && field !== '' && rule.success) found[field] ??= sentenceText(rule.data)
    }
  const field = member(error.data, 'field')
  if (typeof field === 'string') found[field] ??= messageOf(error)
  return found
}

/** Returns the milliseconds from the answer until the next password is accepted; undefined if there is no wait. */
export function throttledMs(error: unknown): number | undefined {
  if (errorCode(error) !== 'THROTTLED' || !(error instanceof ORPCError)) return undefined
  const waitMs = member(error.data, 'waitMs')
  return typeof waitMs === 'number' ? waitMs : undefined
}

/** Returns the clients that a sign-in matches, if it matches several. */
export function clientChoice(error: unknown): { readonly id: string; readonly name: string }[] | undefined {
  if (errorCode(error) !== 'CHOOSE_CLIENT' || !(error instanceof ORPCError)) return undefined
  const clients = member(error.data, 'clients')
  return Array.isArray(clients) ? clients : undefined
}

export function isSessionError(error: unknown): boolean {
  const code = errorCode(error)
  return code === 'UNAUTHENTICATED' || code === 'SESSION_EXPIRED' || code === 'SESSION_LOCKED'
}

/** Returns whether the same request may succeed later. */
export function isTransient(error: unknown): boolean {
  return (
    error instanceof ConnectionLostError ||
    error instanceof NoAnswerError ||
    (error instanceof ORPCError && error.code === 'STORAGE' && storageReason(error.data) === 'busy')
  )
}
