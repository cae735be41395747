/** Messages about exports and reports. */
export const FILE_MESSAGES = [
  /*i18n*/ { id: 'report.one-table', message: 'A single table can be exported only as CSV. No file was written.' },
  /*i18n*/ { id: 'report.choose-csv', message: 'Choose CSV for a single table' },
  /*i18n*/ { id: 'report.no-table', message: 'This report does not have the table “{name}”. No file was written.' },
  /*i18n*/ { id: 'report.no-such-table', message: 'The report has no such table' },
  /*i18n*/ { id: 'report.cancelled', message: 'The report was cancelled. Nothing was changed.' },
  /*i18n*/ {
    id: 'report.list-expired',
    message: 'This list of corrections has expired. Nothing was changed. Open the list again.',
  },
  /*i18n*/ { id: 'report.changes', message: 'More than {most, number} changes were made since this day' },
  /*i18n*/ { id: 'report.edited-calls', message: 'More than {most, number} calls were edited since this day' },
  /*i18n*/ { id: 'report.later-day', message: '{rule}. Nothing was changed; choose a later day.' },
  /*i18n*/ { id: 'export.running', message: 'Another export is running. Wait for it to finish, or cancel it.' },
  /*i18n*/ { id: 'export.cancelled', message: 'The export was cancelled. No file was written.' },
  /*i18n*/ { id: 'export.expired', message: 'The choice of this file has expired. No file was written. Choose the file again.' },
  /*i18n*/ { id: 'export.no-file', message: 'No file was written' },
  /*i18n*/ { id: 'export.not-a-file', message: 'No file was written: {path} is not a file. Choose another file.' },
  /*i18n*/ {
    id: 'export.in-workspaces',
    message: 'No file was written: {path} is in the workspaces folder. Choose another file.',
  },
  /*i18n*/ {
    id: 'export.long-cell',
    message:
      'No file was written: row {row} has {length} characters in “{header}”; a cell in a workbook can hold 32,767. Export as CSV.',
  },
  /*i18n*/ {
    id: 'export.too-large',
    message: 'No file was written: the workbook would be larger than 4 GB. Export as CSV, or narrow the filter.',
  },
  /*i18n*/ {
    id: 'export.unwritable',
    message: 'No file was written: {path} cannot be written ({code}). Choose another file or folder.',
  },
] as const
