import { expect, test } from 'vitest'
import { inspectCsv } from '../testing/inspect-csv.ts'

const CONTEXT = { timeZone: 'Europe/Berlin', defaultCountry: null, now: Date.UTC(2027, 0, 1) }
const inspect = (...lines: string[]) =>
  inspectCsv(Buffer.from(lines.join('\n')), 'calls.csv', '00000000-0000-7000-8000-000000000001', CONTEXT)
async function columnsOf(...lines: string[]) {
  const { suggestedMap, usages, warnings } = await inspect(...lines)
  const columns = Object.fromEntries(
    Object.entries(suggestedMap.fields).flatMap(([field, rule]) => (rule.column === undefined ? [] : [[field, rule.column]])),
  )
  return {
    columns,
    map: suggestedMap,
    usages,
    warnings: warnings.map(({ message }) => message),
    usage: (name: string) => usages.usages.find(({ column }) => column === name),
  }
}

test.each([
  ['Date,Time', '2026-11-02,10:30', 'Date', 'Time'],
  ['Date,Time', '02.11.2026,10:30', 'Date', 'Time'],
  ['Call Date,Call Time', '2026-11-02 00:00:00,10:30:00', 'Call Date', 'Call Time'],
  ['Date,Time', '2026-11-02T00:00:00.000Z,10:30', 'Date', 'Time'],
  ['Datum,Uhrzeit', '2.11.2026,10:30', 'Datum', 'Uhrzeit'],
  ['Date,Start', '2026-11-02,10:30', 'Date', 'Start'],
  ['Date,Time', '46328,0.4375', 'Date', 'Time'],
  ['Date,Time,Created', '2026-11-02,10:30,2026-11-03T08:00:00Z', 'Date', 'Time'],
  ['Fecha,Hora', '02/11/2026,3:05 p. m.', 'Fecha', 'Hora'],
])('date and time in two columns are both used: %s with %s', async (header, row, date, time) => {
  const { columns } = await columnsOf(`Id,Name,${header}`, `1,Jo,${row}`)
  expect(columns).toMatchObject({ date, time })
  expect(columns).not.toHaveProperty('dateTime')
})

test.each([
  ['Started', '2026-11-02T10:30:00Z', 'ISO'],
  ['Date', '46328.4375', 'Excel'],
  ['Timestamp', '1793615400', 'X'],
  ['created_at', '1793615400000', 'x'],
  ['Date', '"Mon, 02 Nov 2026 10:30:00 +0100"', 'd MMM yyyy H:mm:ss'],
  ['Date', '2026-11-02 10:30:00 UTC', 'ISO'],
  ['Fecha', '14/11/2026 3:05 p. m.', 'd/M/yyyy h:mm a'],
])('one column of date and time is used: %s with %s', async (header, value, format) => {
  const { columns, map } = await columnsOf(`Id,Name,${header}`, `1,Jo,${value}`)
  expect(columns).toMatchObject({ dateTime: header })
  expect(map.dateFormat).toBe(format)
})

test('the start of a call is preferred to other times in the row', async () => {
  const { columns } = await columnsOf(
    'sid,date_created,date_updated,start_time,end_time,to',
    'x1,2026-05-22T21:08:36Z,2026-05-22T21:09:06Z,2026-05-22T21:08:36Z,2026-05-22T21:35:36Z,+4930555123',
  )
  expect(columns.dateTime).toBe('start_time')
})

test('numbers with another meaning are not dates', async () => {
  const { columns, warnings } = await columnsOf('Id,Name,Revenue,Account', '1,Jo,46328,1793615400', '2,Al,46329,1793615401')
  expect(columns).not.toHaveProperty('date')
  expect(columns).not.toHaveProperty('dateTime')
  expect(warnings).toContainEqual(expect.stringContaining('No column contains dates'))
})

test('a warning names a column of dates without a time of day', async () => {
  const { columns, warnings } = await columnsOf('Id,Name,Date', '1,Jo,2026-11-02', '2,Al,2026-11-03')
  expect(columns).toMatchObject({ date: 'Date' })
  expect(warnings).toContainEqual(expect.stringContaining('without a time of day in “Date”'))
})

test('a column with few phone numbers is used, and every other value is listed', async () => {
  const { columns, usage, warnings } = await columnsOf(
    'Id,Name,Date,Phone',
    '1,Jo,2026-11-02,"=""030555123"""',
    '2,Al,2026-11-02,4.9E+11',
    '3,Bo,2026-11-02,n/a',
    '4,Cy,2026-11-02,unknown',
    '5,Di,2026-11-02,ask the desk',
  )
  expect(columns.prospectPhone).toBe('Phone')
  expect(warnings).toContainEqual(expect.stringContaining('Fewer than half of the values in “Phone”'))
  expect(usage('Phone')).toMatchObject({ filled: 5, used: 0, cleaned: 1, leftOut: 4, doubted: 0, refused: 0 })
  expect(usage('Phone')?.examples).toContainEqual({
    line: 3,
    value: '4.9E+11',
    became: null,
    why: expect.objectContaining({ message: expect.stringContaining('rounded') }),
  })
  expect(usage('Phone')?.examples).toContainEqual({
    line: 2,
    value: '="030555123"',
    became: '030555123',
    why: expect.objectContaining({ message: expect.any(String) }),
  })
})

test('a column that is not used is listed with its values, and with the reason if its header names a field', async () => {
  const { usage, warnings } = await columnsOf(
    'Id,Name,Date,Phone Type,Region',
    '1,Jo,2026-11-02,mobile,North',
    '2,Al,2026-11-03,home,',
  )
  expect(usage('Region')).toMatchObject({ fields: [], filled: 1, leftOut: 1, examples: [{ line: 2, value: 'North' }] })
  expect(usage('Phone Type')).toMatchObject({ fields: [], filled: 2, leftOut: 2 })
  expect(warnings).toContainEqual(expect.stringContaining('“Phone Type” is not used'))
})

test.each([
  'No answer',
  'no-answer',
  'Busy',
  'Voicemail',
  'Left Voicemail',
  'Failed',
  'nicht erreicht',
  'Nicht erschienen',
  'Besetzt',
  '不在',
])('the status %j means no contact', async (value) => {
  const { map } = await columnsOf('Id,Name,Date,Status', `1,Jo,2026-11-02,${value}`, '2,Al,2026-11-02,Completed')
  expect(map.fields.status?.values).toEqual({ [value]: 'no_show', Completed: 'completed' })
})

test('one column of status and outcome fills both fields', async () => {
  const { map, usages } = await columnsOf(
    'Id,Name,Date,Disposition',
    '1,Jo,2026-11-02,Sold',
    '2,Al,2026-11-02,Not interested',
    '3,Bo,2026-11-02,No answer',
    '4,Cy,2026-11-02,Callback',
  )
  const values = { Sold: 'completed', 'Not interested': 'completed', 'No answer': 'no_show', Callback: 'rescheduled' }
  expect(map.fields.status).toMatchObject({ column: 'Disposition', values })
  expect(map.fields.outcome).toMatchObject({
    column: 'Disposition',
    values: { Sold: 'won', 'Not interested': 'lost', 'No answer': null, Callback: null },
  })
  expect(usages.usages.find(({ column }) => column === 'Disposition')).toMatchObject({ used: 4, refused: 0 })
})

test('German words of status and outcome are understood', async () => {
  const { map, usage } = await columnsOf(
    'Datum;Agent;Kunde;Ergebnis',
    '02.11.2026;Jürgen;Meier;Abschluss',
    '02.11.2026;Jürgen;Huber;Nicht interessiert',
    '02.11.2026;Jürgen;Weiß;Rückruf gewünscht',
    '02.11.2026;Jürgen;Groß;Verpasst',
  )
  expect(map.fields.status?.values).toEqual({
    Abschluss: 'completed',
    'Nicht interessiert': 'completed',
    'Rückruf gewünscht': 'rescheduled',
    Verpasst: 'no_show',
  })
  expect(map.fields.outcome?.values).toMatchObject({ Abschluss: 'won', 'Nicht interessiert': 'lost' })
  expect(usage('Ergebnis')).toMatchObject({ used: 4, refused: 0 })
})

test('the unit of durations is detected, or a question asks for it', async () => {
  const duration = async (header: string, ...values: string[]) => {
    const { map, usages, usage } = await columnsOf(
      `Id,Name,Date,${header}`,
      ...values.map((value, n) => `${n},Jo,2026-11-02,${value}`),
    )
    return {
      format: map.durationFormat,
      questions: usages.questions.map(({ option }) => option),
      readAs: usage(header)?.readAs.map(({ message }) => message),
    }
  }
  expect(await duration('Duration (min)', '17')).toEqual({ format: 'min', questions: [], readAs: ['minutes'] })
  expect(await duration('Duration (hh:mm)', '1:05')).toMatchObject({ format: 'h:mm', questions: [] })
  expect(await duration('Duration (ms)', '143000')).toMatchObject({ format: 'ms', questions: [] })
  expect(await duration('Duration', '17', '45')).toMatchObject({ format: undefined, questions: ['durationFormat'] })
  expect(await duration('Duration', '0:17', '1:05')).toMatchObject({ format: undefined, questions: ['durationFormat'] })
})

test('a completed call in 2099 is among the refused values of its column', async () => {
  const { usage } = await columnsOf('Id,Name,Started', '1,Jo,2099-11-02T10:00', '2,Al,2026-11-02T10:00')
  expect(usage('Started')).toMatchObject({
    used: 1,
    refused: 1,
    examples: [{ line: 2, why: { message: expect.stringContaining('in the future') } }],
  })
})

test.each([
  ['Call outcome', ['Connected', 'No answer', 'Left voicemail']],
  ['Action Result', ['Call connected', 'Missed', 'No Answer']],
  ['disposition', ['ANSWERED', 'NO ANSWER', 'BUSY']],
])('a column of statuses with the header %s fills the status', async (header, values) => {
  const { map, warnings } = await columnsOf(`Name,Date,${header}`, ...values.map((value) => `Jo,2026-11-02 10:30,${value}`))
  const [completed = '', ...missed] = values
  expect(map.fields.status).toMatchObject({
    column: header,
    values: { [completed]: 'completed', ...Object.fromEntries(missed.map((value) => [value, 'no_show'])) },
  })
  expect(warnings.join()).not.toContain('imported as completed')
})

test('a column with different statuses is preferred to one with the same status in all rows', async () => {
  const { columns } = await columnsOf(
    'Name,Date,status,disposition',
    'Jo,2026-11-02 10:30,completed,answered',
    'Al,2026-11-02 10:40,completed,no-answer',
  )
  expect(columns.status).toBe('disposition')
})

test('a file without a status has a warning', async () => {
  const { columns, warnings } = await columnsOf('Name,Date', 'Jo,2026-11-02')
  expect(columns).not.toHaveProperty('status')
  expect(warnings).toContain('No column shows whether a call took place. All calls are imported as completed.')
})

test('columns of the prospect are preferred to those of the call centre, and names to keys', async () => {
  const { columns } = await columnsOf(
    'id,date,lead_name,user_id,user_name,user_email,local_phone,remote_phone,duration,billsec',
    'a17,2026-11-02,Jo,u1,Bea,bea@x.example,+14155550100,+14155550199,134,125',
    'a18,2026-11-02,Al,u2,Ben,ben@x.example,+14155550100,+14155550198,34,25',
  )
  expect(columns).toMatchObject({ agent: 'user_name', prospectPhone: 'remote_phone', callDuration: 'billsec' })
  expect(columns).not.toHaveProperty('prospectEmail')
})

test.each(['Call UUID', 'call_sid', 'uniqueid', 'Call No.', 'Call reference'])('%s identifies a row', async (header) => {
  const { columns } = await columnsOf(`${header},Name,Date`, 'a17,Jo,2026-11-02', 'a29,Al,2026-11-03')
  expect(columns.externalId).toBe(header)
})

test('if dates have no time, a warning names unused columns of times', async () => {
  const { warnings } = await columnsOf('Id,Name,Date,Kello', 'a17,Jo,2026-11-02,10:30', 'a29,Al,2026-11-03,9:05')
  expect(warnings.join()).toContain('If “Kello” is the time of the call, choose it as the time')
})

test('a file without rows has a warning, and so has a file with all values in one column', async () => {
  expect((await columnsOf('Id,Name,Date')).warnings).toContain('The file has column names but no rows.')
  expect((await columnsOf('Id^Name^Date', 'a17^Jo^2026-11-02')).warnings.join()).toContain('All values are in one column.')
})

test.each([
  [
    'French',
    "N° d'appel;Date;Heure;Agent;Client;Téléphone;Sens;Statut;Résultat;Durée;Commentaires",
    'F-1;13/11/2026;10h30;Amélie;Zola;01 23 45 67 89;Sortant;Répondu;Vendu;3 min 20 s;x',
    'F-9;14/11/2026;9h05;Noël;Bœuf;01 23 45 67 80;Entrant;Sans réponse;;0;',
  ],
  [
    'Turkish',
    'Çağrı No;Tarih;Saat;Temsilci;Müşteri;Telefon;Yön;Durum;Sonuç;Süre;Not',
    'T-1;13.11.2026;10:30;Ayşe;İbrahim;0532 123 45 67;Giden;Cevaplandı;Satış;00:03:20;x',
    'T-9;14.11.2026;09:05;Gökhan;Iğdır;0532 123 45 68;Gelen;Cevapsız;;00:00:00;',
  ],
  [
    'Polish',
    'Nr połączenia;Data;Godzina;Konsultant;Klient;Telefon;Kierunek;Status;Wynik;Czas trwania;Uwagi',
    'P-1;13 lis 2026;10:30;Łukasz;Żaneta;+48 512 345 678;wychodzące;odebrane;sprzedane;3:20;x',
    'P-9;14 lis 2026;9:05;Ćwik;Jędrzej;+48 512 345 679;przychodzące;nieodebrane;;0:00;',
  ],
  [
    'Russian',
    'ID звонка;Дата;Время;Сотрудник;Клиент;Телефон;Направление;Статус;Результат;Длительность;Комментарий',
    'Р-1;13.11.2026;10:30;Иван;Ольга;+7 912 345-67-89;Исходящий;Отвечен;Продажа;3:20;x',
    'Р-9;14.11.2026;9:05;Наталья;Пётр;8 (912) 345-67-80;Входящий;Пропущен;;0:00;',
  ],
])('the columns and values of a %s export are recognised', async (_language, header, ...rows) => {
  const { map, columns } = await columnsOf(header, ...rows)
  const [externalId, date, time, agent, prospectName, prospectPhone, callType, status, outcome, callDuration, notes] =
    header.split(';')
  expect(columns).toEqual({
    externalId,
    date,
    time,
    agent,
    prospectName,
    prospectPhone,
    callType,
    status,
    outcome,
    callDuration,
    notes,
  })
  expect(Object.values(map.fields.callType?.values ?? {})).toEqual(['outbound', 'inbound'])
  expect(Object.values(map.fields.status?.values ?? {})).toEqual(['completed', 'no_show'])
  expect(Object.values(map.fields.outcome?.values ?? {})).toEqual(['won'])
})
