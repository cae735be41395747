import type { z } from 'zod'
import type { Said } from './messages/text.ts'

/** Kinds of errors by code: the HTTP status, and the schema of the data if there is any. */
export type ErrorCatalogue = Readonly<Record<string, { readonly status: number; readonly data?: z.ZodType }>>

export type ErrorCode<Catalogue extends ErrorCatalogue> = keyof Catalogue & string

export type ErrorData<Catalogue extends ErrorCatalogue, Code extends ErrorCode<Catalogue>> = Catalogue[Code] extends {
  data: infer Schema extends z.ZodType
}
  ? z.infer<Schema>
  : undefined

/** What is left of a typed error when it crosses to another thread or process. */
export type ErrorFacts = {
  readonly code: string
  readonly message: string
  readonly data: unknown
  /** The message as data; only of errors of the application. */
  readonly said?: Said
}

/** The last arguments of an error: its data, if it has any, and its cause. */
export type Rest<Data> = Data extends undefined ? [data?: undefined, cause?: unknown] : [data: Data, cause?: unknown]

/** An error of a catalogue. It crosses threads and processes as data and is rebuilt on the other side. */
export abstract class TypedError<
  Catalogue extends ErrorCatalogue = ErrorCatalogue,
  Code extends ErrorCode<Catalogue> = ErrorCode<Catalogue>,
> extends Error {
  readonly code: Code
  readonly data: ErrorData<Catalogue, Code>

  constructor(code: Code, message: string, ...[data, cause]: Rest<ErrorData<Catalogue, Code>>) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.data = data as ErrorData<Catalogue, Code>
  }

  toFacts(): ErrorFacts {
    return { code: this.code, message: this.message, data: this.data }
  }
}
