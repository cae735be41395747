import { setTimeout as sleep } from 'node:timers/promises'
import { workerData } from 'node:worker_threads'
import { AppError } from '../../../core/errors.ts'
import { notify, serve } from '../serve.ts'

export type SampleRequest =
  | { readonly do: 'echo'; readonly value: unknown; readonly ms?: number }
  | { readonly do: 'bytes'; readonly length: number }
  | { readonly do: 'notify'; readonly notice: unknown }
  | { readonly do: 'refuse' }
  | { readonly do: 'fail' }
  | { readonly do: 'crash' }
  | { readonly do: 'hang' }
  | { readonly do: 'data' }
  | { readonly do: 'function' }

async function answer(request: SampleRequest): Promise<unknown> {
  switch (request.do) {
    case 'echo':
      await sleep(request.ms ?? 0)
      return request.value
    case 'bytes':
      return new Uint8Array(request.length)
    case 'notify':
      return notify(request.notice)
    case 'refuse':
      throw AppError.inEnglish('CONFLICT', 'The name is taken', { field: 'name' })
    case 'fail':
      throw Object.assign(new Error('A bug'), { code: 'SQLITE_FULL' })
    case 'crash':
      return process.exit(1)
    case 'hang':
      return new Promise(() => setInterval(() => {}, 1_000))
    case 'data':
      return workerData
    case 'function':
      return () => {}
  }
}

serve((body) => answer(body as SampleRequest))
