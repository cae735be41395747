/** Findings about the columns of an import file, and what the suggested mapping assumes. */
export const COLUMN_MESSAGES = [
  /*i18n*/ {
    id: 'columns.format-open',
    message: 'Read as {format}; {other} is possible as well, and the values do not show which applies',
  },
  /*i18n*/ {
    id: 'columns.durations-open',
    message:
      'The durations in “{column}” can be {formats}, and the file does not show which. Choose one as durationFormat: {options}.',
  },
  /*i18n*/ {
    id: 'columns.decimal-open',
    message:
      'The durations in “{column}” contain numbers such as 1,234, and the file does not show whether the sign separates thousands or decimals. Choose the decimal sign as durationDecimal: . or ,',
  },
  /*i18n*/ { id: 'columns.either', message: '{one} or {other}' },
  /*i18n*/ { id: 'columns.no-headers', message: 'The first row looks like data, not like headers; the columns are numbered.' },
  /*i18n*/ { id: 'columns.only-names', message: 'The file has column names but no rows.' },
  /*i18n*/ {
    id: 'columns.one-column',
    message: 'All values are in one column. If another character separates them, choose it as the delimiter.',
  },
  /*i18n*/ {
    id: 'columns.key-repeats',
    message: '“{column}” is not used as the row id, because some values occur more than once.',
  },
  /*i18n*/ { id: 'columns.key-blank', message: '“{column}” is not used as the row id, because some rows have no value.' },
  /*i18n*/ {
    id: 'columns.key-counts',
    message:
      '“{column}” is not used as the row id, because it only counts the rows, and the next file may start at 1 again. If it identifies a call in every file, choose it as the row id.',
  },
  /*i18n*/ {
    id: 'columns.key-refuted',
    message:
      '“{column}” is not used as the row id: existing calls with the same values took place at other times. It seems to identify something else, for example a lead. Rows are identified by all their values.',
  },
  /*i18n*/ {
    id: 'columns.no-key',
    message: '{doubt} Rows are identified by all their values, so a row that is changed in the file becomes another call.',
  },
  /*i18n*/ { id: 'columns.no-key-column', message: 'No column identifies a row.' },
  /*i18n*/ {
    id: 'columns.two-formats',
    message:
      '“{column}” can be read as {format} or as {other}, and the values do not show which applies. It is read as {format}; check the dates.',
  },
  /*i18n*/ {
    id: 'columns.unusual-values',
    message:
      '“{column}” contains {count, plural, one {# value that is} other {# different values that are}} not written as {format}. Rows with such a value will be refused.',
  },
  /*i18n*/ {
    id: 'columns.no-dates',
    message: 'No column contains dates in a known format. Choose the column of the date and enter its format.',
  },
  /*i18n*/ {
    id: 'columns.dates-only',
    message:
      'The file has dates without a time of day in “{column}”, and no column of times. Calls are shown with their date only.',
  },
  /*i18n*/ {
    id: 'columns.maybe-times',
    message:
      'The file has dates without a time of day in “{column}”. If {clocks} is the time of the call, choose it as the time. Otherwise calls are shown with their date only.',
  },
  /*i18n*/ {
    id: 'columns.few-emails',
    message: 'Fewer than half of the values in “{column}” are e-mail addresses. See below how the values are used.',
  },
  /*i18n*/ {
    id: 'columns.few-phones',
    message: 'Fewer than half of the values in “{column}” are phone numbers. See below how the values are used.',
  },
  /*i18n*/ { id: 'columns.no-emails', message: '“{column}” is not used because it contains no e-mail addresses.' },
  /*i18n*/ { id: 'columns.no-phones', message: '“{column}” is not used because it contains no phone numbers.' },
  /*i18n*/ { id: 'columns.both', message: '“{column}” contains both status and outcome. Check how its values are mapped.' },
  /*i18n*/ {
    id: 'columns.unmapped.callType',
    message:
      '{values} in “{column}” {count, plural, one {isn’t} other {aren’t}} mapped to a call type. Map {count, plural, one {it} other {them}}, or the rows will be refused.',
  },
  /*i18n*/ {
    id: 'columns.unmapped.status',
    message:
      '{values} in “{column}” {count, plural, one {isn’t} other {aren’t}} mapped to a status. Map {count, plural, one {it} other {them}}, or the rows will be refused.',
  },
  /*i18n*/ {
    id: 'columns.unmapped.outcome',
    message:
      '{values} in “{column}” {count, plural, one {isn’t} other {aren’t}} mapped to an outcome. Map {count, plural, one {it} other {them}}, or the rows will be refused.',
  },
  /*i18n*/ {
    id: 'columns.unmapped.both',
    message:
      '{values} in “{column}” {count, plural, one {isn’t} other {aren’t}} mapped to a status or an outcome. Map {count, plural, one {it} other {them}}, or the rows will be refused.',
  },
  /*i18n*/ { id: 'columns.no-agent', message: 'No column names the agent. All calls will belong to the person who imports.' },
  /*i18n*/ {
    id: 'columns.no-names',
    message: 'The file has no names of prospects. All calls are imported with the name “Unknown”.',
  },
  /*i18n*/ { id: 'columns.stand-in-name', message: 'The file has no names of prospects. “{column}” is used as the name.' },
  /*i18n*/ {
    id: 'columns.no-status',
    message: 'No column shows whether a call took place. All calls are imported as completed.',
  },
  /*i18n*/ {
    id: 'columns.all-inbound',
    message: 'No column shows whether calls are inbound or outbound. All calls are imported as inbound.',
  },
  /*i18n*/ {
    id: 'columns.all-outbound',
    message: 'No column shows whether calls are inbound or outbound. All calls are imported as outbound.',
  },
] as const
