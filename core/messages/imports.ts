/** Findings about the rows and the values of an import file. */
export const IMPORT_MESSAGES = [
  /*i18n*/ {
    id: 'import.not-asked',
    message:
      'The server could not be reached, so this file was not compared with changes on other devices. Fields that may have been edited there were kept. Calls that were deleted there are removed again at the next sync. Import the file again after that sync.',
  },
  /*i18n*/ { id: 'import.file-gone', message: 'This file is no longer available. Nothing was imported; choose the file again.' },
  /*i18n*/ { id: 'import.nothing', message: 'Nothing was imported.' },
  /*i18n*/ {
    id: 'import.partial',
    message: '{rows, plural, one {# row was} other {# rows were}} imported; import the same file again to continue.',
  },
  /*i18n*/ { id: 'import.correct-mapping', message: '{why} Nothing was imported; correct the mapping.' },
  /*i18n*/ { id: 'import.other-line', message: '{why} Nothing was imported; choose another line.' },
  /*i18n*/ { id: 'import.one-of-these', message: '{why} Nothing was imported; choose one of these.' },
  /*i18n*/ { id: 'import.unreadable', message: 'The file could not be read; nothing was imported. {why}' },
  /*i18n*/ { id: 'import.unstorable', message: 'This row could not be stored: {why}' },
  /*i18n*/ {
    id: 'import.overwrites',
    message:
      'This row would change an existing call. The call was kept as it is. To change it, check the dry run and allow changes to existing calls.',
  },
  /*i18n*/ {
    id: 'import.viewer',
    message: '“{name}” is a viewer and cannot have calls. Enter another person, or ask an admin to change the role.',
  },
  /*i18n*/ { id: 'import.not-allowed', message: 'The mapping does not allow new ones. Add it first, or use one that exists.' },
  /*i18n*/ {
    id: 'import.ask-admin',
    message: 'Only an admin may add one. Ask an admin to add it under this name, then import the file again.',
  },
  /*i18n*/ {
    id: 'import.ask-team-lead',
    message:
      'Only a team lead or an admin may add one. Ask a team lead or an admin to add it under this name, then import the file again.',
  },
  /*i18n*/ { id: 'import.agent.invisible', message: 'The agent has no visible character' },
  /*i18n*/ { id: 'import.agent.long', message: 'The agent is longer than {most, number} characters' },
  /*i18n*/ { id: 'import.agent.unknown', message: 'There is no agent “{name}”. {why}' },
  /*i18n*/ { id: 'import.agent.several', message: '{count} people are called “{name}”. Use the e-mail address instead.' },
  /*i18n*/ { id: 'import.agent.missing', message: 'The agent is missing' },
  /*i18n*/ { id: 'import.reason.invisible', message: 'The loss reason has no visible character' },
  /*i18n*/ { id: 'import.reason.long', message: 'The loss reason is longer than {most, number} characters' },
  /*i18n*/ { id: 'import.reason.unknown', message: 'There is no loss reason “{name}”. {why}' },
  /*i18n*/ { id: 'import.reason.several', message: '{count} loss reasons are called “{name}”. Rename one of them.' },
  /*i18n*/ { id: 'import.unused-column', message: 'The column is not used' },
  /*i18n*/ { id: 'import.unclosed', message: 'A quotation mark is opened here and not closed' },
  /*i18n*/ {
    id: 'import.unclear',
    message:
      'A quotation mark opens on line {line} and closes on line {lastLine}, but the lines between look like rows. Choose whether a value may span lines, and import the file again',
  },
  /*i18n*/ {
    id: 'import.unclear-refused',
    message:
      'A quotation mark opens on line {line} and closes on line {lastLine}, but the lines between look like rows. These lines are refused until you choose whether a value may span lines.',
  },
  /*i18n*/ { id: 'import.long-line', message: 'The row is longer than 1 MB; line {line} was not read' },
  /*i18n*/ { id: 'import.long-lines', message: 'The row is longer than 1 MB; its lines {line} to {lastLine} were not read' },
  /*i18n*/ { id: 'import.short-row', message: 'The row has {count, plural, one {# value} other {# values}}, the header {width}' },
  /*i18n*/ {
    id: 'import.long-row',
    message: 'The row has {count} values, the header {width}; check that values that contain the delimiter are in quotes',
  },
  /*i18n*/ { id: 'import.nul', message: 'The row contains a NUL character' },
  /*i18n*/ { id: 'import.archive', message: 'This is an archive. Unpack it and choose the file inside.' },
  /*i18n*/ {
    id: 'import.old-excel',
    message:
      'This is an old or protected Excel workbook. Save it as .xlsx without a password, or as “CSV UTF-8”, and choose that file.',
  },
  /*i18n*/ { id: 'import.pdf', message: 'This is a PDF. Export the rows as CSV and choose that file.' },
  /*i18n*/ { id: 'import.compressed', message: 'This file is compressed. Unpack it and choose the file inside.' },
  /*i18n*/ { id: 'import.too-large', message: 'It is larger than 256 MB. Split it and import the parts one after the other.' },
  /*i18n*/ { id: 'import.empty', message: 'It is empty.' },
  /*i18n*/ { id: 'import.not-text', message: 'It is not a text file. Export the rows as CSV and choose that file.' },
  /*i18n*/ { id: 'import.no-rows', message: 'It contains no rows.' },
  /*i18n*/ {
    id: 'import.damaged-workbook',
    message:
      'This workbook cannot be read: it is damaged, protected by a password, or of another kind. Save it as .xlsx, or as “CSV UTF-8”, and choose that file.',
  },
  /*i18n*/ {
    id: 'import.large-workbook',
    message: 'The unpacked workbook is too large. Save the sheet as “CSV UTF-8” and choose that file.',
  },
  /*i18n*/ {
    id: 'import.reread-lines',
    message:
      '{count, plural, one {Line} other {Lines}} {lines}: not UTF-8 like the rest of the file, so read as {encoding}. Check the names on these lines.',
  },
  /*i18n*/ {
    id: 'import.lost-characters',
    message:
      '{count, plural, one {Line} other {Lines}} {lines}: characters that cannot be read as {encoding} are replaced by “\ufffd”; the rest of the file is kept. Correct them, or choose another encoding.',
  },
  /*i18n*/ { id: 'import.more-lines', message: '{shown} and {more} more' },
  /*i18n*/ {
    id: 'import.no-encoding',
    message: 'The encoding “{encoding}” is not known. Nothing was imported. Leave it out to detect the encoding.',
  },
  /*i18n*/ { id: 'import.unknown-encoding', message: 'Not a known encoding' },
  /*i18n*/ {
    id: 'import.guessed-encoding',
    message: 'The encoding is a guess: the file is read as {encoding}. Check that names look right, or choose another encoding.',
  },
  /*i18n*/ { id: 'import.no-header', message: 'Line {line} cannot be the header: it is blank, or the file has fewer lines.' },
  /*i18n*/ {
    id: 'import.unnamed-columns',
    message:
      'Most rows have {width} values, but line {line} names {count, plural, one {# column} other {# columns}}. The others are numbered; check that the values are below the right names.',
  },
  /*i18n*/ {
    id: 'import.short-rows',
    message:
      '{count, plural, one {# row has} other {# rows have}} fewer values than the header (first on line {line}). The missing values at the end are read as empty; check these rows.',
  },
  /*i18n*/ { id: 'import.no-sheet', message: 'The workbook has no sheet “{name}”; it has {sheets}.' },
  /*i18n*/ {
    id: 'import.other-sheet',
    message: 'Only the sheet “{sheet}” is read; {others} has rows as well. Choose that sheet and import it on its own.',
  },
  /*i18n*/ {
    id: 'import.other-sheets',
    message:
      'Only the sheet “{sheet}” is read; {others} have rows as well. Choose each of these sheets and import it on its own.',
  },
  /*i18n*/ { id: 'import.no-column', message: 'The file has no column “{column}”; it has {columns}.' },
  /*i18n*/ { id: 'import.empty-rule', message: 'The rule for {field} names neither a column nor a constant.' },
  /*i18n*/ {
    id: 'import.no-name',
    message: 'The mapping does not fill prospectName. If the file has no name, use the id of the call.',
  },
  /*i18n*/ {
    id: 'import.date-twice',
    message: 'The mapping fills both dateTime and date. A call has only one date; use one of them.',
  },
  /*i18n*/ { id: 'import.no-date', message: 'The mapping fills neither dateTime nor date, but every call needs a date.' },
  /*i18n*/ {
    id: 'import.no-format',
    message: 'The format of {columns} could not be detected. Enter it as {option}, for example d-MMM-yy or H:mm.',
  },
  /*i18n*/ { id: 'import.option.dateFormat', message: 'dateFormat' },
  /*i18n*/ { id: 'import.option.timeFormat', message: 'timeFormat' },
  /*i18n*/ {
    id: 'import.unknown-token',
    message: '“{token}” in the format “{format}” is not known; use Luxon’s tokens, for example d-MMM-yy.',
  },
  /*i18n*/ { id: 'import.not-a-format', message: '“{format}” is not a date format.' },
  /*i18n*/ { id: 'import.date-missing', message: 'The date is missing' },
  /*i18n*/ { id: 'import.time-missing', message: 'The time is missing' },
  /*i18n*/ { id: 'import.not-a-date', message: '“{value}” is not a date like {format}' },
  /*i18n*/ { id: 'import.not-a-time', message: '“{value}” is not a time like {format}' },
  /*i18n*/ { id: 'import.not-an-exact-time', message: '“{value}” in “{column}” is not a time like 2026-11-26 14:30' },
  /*i18n*/ { id: 'import.two-times', message: '“{date}” has another time of day than “{time}”; use only one of the two columns' },
  /*i18n*/ { id: 'import.same-key', message: '“{key}” is already on line {line}; only that row was used' },
  /*i18n*/ {
    id: 'import.future',
    message: 'The call is completed, but its date {date} is in the future; correct the date, or set the status to scheduled',
  },
  /*i18n*/ { id: 'import.before-1970', message: 'The date {date} is before 1970; correct the date' },
  /*i18n*/ { id: 'import.not-a-duration', message: '“{value}” is not a duration in {format}' },
  /*i18n*/ { id: 'import.not-a-type', message: '“{value}” isn’t mapped to a call type' },
  /*i18n*/ { id: 'import.not-a-status', message: '“{value}” isn’t mapped to a status' },
  /*i18n*/ { id: 'import.not-an-outcome', message: '“{value}” isn’t mapped to an outcome' },
  /*i18n*/ { id: 'import.only-number', message: 'Only the number is used' },
  /*i18n*/ { id: 'import.long-phone', message: 'A phone number has at most {most} characters' },
  /*i18n*/ { id: 'import.long-email', message: 'An e-mail address has at most {most} characters' },
  /*i18n*/ { id: 'import.not-an-email', message: 'This is not an e-mail address' },
  /*i18n*/ { id: 'import.only-address', message: 'Only the address is used' },
  /*i18n*/ { id: 'import.outcome-left-out', message: 'Only a completed call has an outcome' },
  /*i18n*/ { id: 'import.duration-left-out', message: 'Only a completed call has a duration' },
  /*i18n*/ { id: 'import.reason-left-out', message: 'Only a lost call has a loss reason' },
  /*i18n*/ {
    id: 'import.rounded-phone',
    message: 'A spreadsheet rounded the number, so its last digits are lost; format the column as text and export again',
  },
  /*i18n*/ { id: 'import.no-phone', message: 'The cell has no number' },
  /*i18n*/ { id: 'import.no-digits', message: 'It has no digits' },
  /*i18n*/ { id: 'import.few-digits', message: 'It has too few digits for a phone number' },
  /*i18n*/ { id: 'import.more-than-phone', message: 'It contains more than a phone number' },
  /*i18n*/ { id: 'import.many-digits', message: 'It has too many digits for one phone number' },
] as const
