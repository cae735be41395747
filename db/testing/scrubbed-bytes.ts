import { readFileSync } from 'node:fs'
import { assert } from '../../core/assert.ts'
import { getDeviceState, markScrubPending } from '../sync/device-state.ts'
import { scrubFile } from '../sync/scrub.ts'
import { scrubTextStep } from '../text-index.ts'
import type { TestWorkspace } from './test-workspace.ts'

/** Scrubs the file, as the engine does if the file has a scrub marked as pending, and returns its bytes as lower-case text. */
export function scrubbedBytes(workspace: TestWorkspace): string {
  const { db, path } = workspace
  assert(getDeviceState(db).isScrubPending, 'The file has a scrub marked as pending')
  for (let isFirst = true; !scrubTextStep(db, isFirst); isFirst = false);
  assert(scrubFile(db), 'No other connection blocks the scrub')
  workspace.take(() => markScrubPending(db, false))
  return readFileSync(path).toString('latin1').toLowerCase() + readFileSync(`${path}-wal`).toString('latin1').toLowerCase()
}
