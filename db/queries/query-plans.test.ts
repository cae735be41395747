import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CallFilter, CallSort } from '../../core/contract/calls.ts'
import type { ReadableDb } from '../open.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { listAudit, listAuditOfRecord, listWaitingAudit } from './audit.ts'
import { countCalls, getCall, listCalls } from './calls.ts'
import { countsByRange, lossCounts } from './reports.ts'
import { countWaitingChanges } from './status.ts'

let workspace: TestWorkspace
beforeAll(() => {
  workspace = new TestWorkspace()
  // Enough for the first look to fill a page.
  for (const lossReasonId of [workspace.priceId, null, null, null])
    workspace.addCall({ status: 'completed', outcome: 'lost', completedAt: 5, lossReasonId, callDuration: 1 })
})
afterAll(() => workspace.dispose())

/** What SQLite says of every statement that `run` reads with, on a connection of its own. */
function plans(run: (db: ReadableDb) => void, analyzed: boolean): string[] {
  if (analyzed) workspace.db.sqlite.exec('ANALYZE')
  const db = workspace.reader()
  const { sqlite } = db
  const found: string[] = []
  const prepare = sqlite.prepare.bind(sqlite)
  Object.assign(sqlite, {
    prepare(text: string) {
      const lines = prepare(`EXPLAIN QUERY PLAN ${text}`)
      const statement = prepare(text)
      for (const method of ['get', 'all'] as const) {
        const original = statement[method].bind(statement)
        Object.assign(statement, {
          [method](...values: unknown[]) {
            found.push(...(lines.all(...values) as { detail: string }[]).map(({ detail }) => detail))
            return original(...values)
          },
        })
      }
      return statement
    },
  })
  try {
    run(db)
    return found
  } finally {
    db.close()
  }
}

/** A walk of a whole table; of a parameter's list or of the few rows of a subquery it is what is meant. */
const wholeTable = (line: string) => /^SCAN (calls|audit_logs|sync_outbox|local_call_totals|users)\b(?!.*INDEX)/.test(line)
const sorts = (line: string) => line.includes('USE TEMP B-TREE FOR ORDER BY')

function list(filter: CallFilter, sort: Partial<CallSort> = {}, own = false, after = false) {
  return (db: ReadableDb) => {
    const { clientId, agentId } = workspace
    const chosen: CallSort = { by: 'eventAt', direction: 'desc', ...sort }
    const request = { filter, sort: chosen, after: null, skip: 0, limit: 1 }
    // The key of a row that sorts behind every other, so that the second page's own condition is planned.
    const key = { eventAt: 9e12, prospectName: 'zzz', callDuration: 9_999 }[request.sort.by]
    const cursor = JSON.stringify([`calls.${request.sort.by}.${request.sort.direction}`, key, 9e12])
    listCalls(db, clientId, after ? { ...request, after: cursor as never } : request, own ? agentId : null)
  }
}

const LISTS: Readonly<Record<string, readonly [(db: ReadableDb) => void, RegExp]>> = {
  'no filter': [list({}), /USING INDEX calls_by_time \(client_id=\?\)/],
  'the second page': [list({}, {}, false, true), /INDEX calls_by_time \(client_id=\? AND event_at<\?\)/],
  'a period': [list({ from: 1, to: 9 }), /INDEX calls_by_time \(client_id=\? AND event_at>\? AND event_at<\?\)/],
  'a status': [list({ statuses: ['completed'] }), /INDEX calls_by_time/],
  'an outcome and a type': [list({ outcomes: ['lost'], callTypes: ['outbound'] }), /INDEX calls_by_time/],
  'own calls': [list({}, {}, true), /INDEX calls_by_user \(client_id=\? AND user_id=\?\)/],
  'a loss reason': [list({ lossReasonIds: [null] }), /INDEX calls_by_loss_reason \(client_id=\? AND loss_reason_id=\?\)/],
  'by name': [list({}, { by: 'prospectName', direction: 'asc' }), /INDEX calls_by_name \(client_id=\?\)/],
  'by name, filtered': [list({ statuses: ['completed'] }, { by: 'prospectName' }), /INDEX calls_by_name/],
  'by duration, the second page': [
    list({}, { by: 'callDuration' }, false, true),
    /INDEX calls_by_duration \(client_id=\? AND call_duration>\? AND call_duration<\?\)/,
  ],
}

test.each(Object.entries(LISTS))('a page is read from its index, without a sort: %s', (_, [run, expected]) => {
  for (const analyzed of [false, true]) {
    const found = plans(run, analyzed)
    expect(found.join('\n')).toMatch(expected)
    expect(found.filter(wholeTable)).toEqual([])
    expect(found.filter(sorts)).toEqual([])
  }
})

const OTHERS: Readonly<Record<string, (db: ReadableDb) => void>> = {
  'one call': (db) => void getCall(db, workspace.clientId, workspace.newId()),
  'a text': list({ text: 'jo' }),
  'a count': (db) => void countCalls(db, workspace.clientId, {}, null),
  'a count of an agent': (db) => void countCalls(db, workspace.clientId, {}, workspace.agentId),
  'a count of a text': (db) => void countCalls(db, workspace.clientId, { text: 'jo', statuses: ['completed'] }, null),
  figures: (db) => void countsByRange(db, workspace.clientId, { from: 1, to: 9e11 }, null),
  'figures of an agent': (db) => void countsByRange(db, workspace.clientId, { from: 1, to: 9e11 }, [workspace.agentId]),
  losses: (db) => void lossCounts(db, workspace.clientId, { from: 1, to: 9e11 }, null),
  'a record’s trail': (db) => void listAuditOfRecord(db, workspace.clientId, 'calls', workspace.clientId),
  'the trail': (db) => void listAudit(db, workspace.clientId, { after: null, limit: 10 }, null),
  'the trail of a user': (db) =>
    void listAudit(db, workspace.clientId, { userId: workspace.agentId, after: null, limit: 10 }, null),
  'events of the trail': (db) => void listAudit(db, workspace.clientId, { actions: ['LOGIN'], after: null, limit: 10 }, null),
  'own part of the trail': (db) =>
    void listAudit(db, workspace.clientId, { after: null, limit: 10 }, { ownRecordsOf: workspace.agentId }),
  'what waits of the trail': (db) =>
    void listWaitingAudit(db, workspace.clientId, { before: null, limit: 10, actions: ['DELETE'] }, null),
  'own part of what waits': (db) =>
    void listWaitingAudit(db, workspace.clientId, { before: 9, limit: 10 }, { ownRecordsOf: workspace.agentId }),
  'the outbox': (db) => void countWaitingChanges(db, null),
}

test.each(Object.entries(OTHERS))('no walk of a whole table: %s', (_, run) => {
  for (const analyzed of [false, true]) {
    const found = plans(run, analyzed)
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter(wholeTable)).toEqual([])
  }
})
