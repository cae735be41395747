import { afterEach, expect, test } from 'vitest'
import { nextDay, startOfLocalDay } from '../../core/time/time-range.ts'
import { TestApplication } from '../testing/test-application.ts'

const app = new TestApplication()
afterEach(() => app.dispose())

test('a call with a date alone keeps its date if the zone of the client changes', async () => {
  const { api } = await app.workspace('window', 'Acme', 'ada@acme.test')
  const text = ['Id,Name,Date', 'r1,Jo,2025-11-28', 'r2,Al,2025-11-28', 'r3,Bo,2025-11-29'].join('\n')
  const importFile = async () => {
    const { importId, suggestedMap } = await api.imports.inspect({ file: new File([text], 'calls.csv') })
    for await (const event of await api.imports.run({ importId, map: suggestedMap }))
      if (event.kind === 'report') return event.report
    throw new Error('An import ends with a report')
  }
  expect(await importFile()).toMatchObject({ created: 3 })
  for (const zone of ['Europe/Berlin', 'America/New_York', 'Pacific/Honolulu', 'Asia/Tokyo', 'Pacific/Auckland', 'UTC']) {
    await api.settings.update({ time_zone: zone })
    const range = { from: startOfLocalDay('2025-11-28', zone), to: startOfLocalDay(nextDay('2025-11-28'), zone) }
    expect((await api.calls.count({ filter: range })).total, zone).toBe(2)
    expect(await importFile(), 'a second import changes nothing').toMatchObject({ created: 0, updated: 0, unchanged: 3 })
  }
})
