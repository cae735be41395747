/** Messages about the disk and the workspace file. */
export const STORAGE_MESSAGES = [
  /*i18n*/ { id: 'storage.happened.busy', message: 'The database is busy with another write.' },
  /*i18n*/ { id: 'storage.happened.full', message: 'The disk is full.' },
  /*i18n*/ { id: 'storage.happened.readonly', message: 'The disk or the folder of the data is read-only.' },
  /*i18n*/ { id: 'storage.happened.damaged', message: 'The database file is damaged.' },
  /*i18n*/ { id: 'storage.happened.newer', message: 'The database was written by a newer version of the application.' },
  /*i18n*/ { id: 'storage.happened.foreign', message: 'Another program changed the structure of the database file.' },
  /*i18n*/ { id: 'storage.happened.io', message: 'The disk could not be read or written.' },
  /*i18n*/ { id: 'storage.advice.damaged', message: 'It was left as it is; restore a backup or ask for help.' },
  /*i18n*/ { id: 'storage.advice.newer', message: 'It was left as it is; update the application.' },
  /*i18n*/ {
    id: 'storage.advice.foreign',
    message:
      'Everything in it is kept; ask your administrator to run “doctor --fix”, which removes what the other program added, except tables. Then start again.',
  },
  /*i18n*/ { id: 'storage.advice.busy', message: 'Try again.' },
  /*i18n*/ { id: 'storage.advice.full', message: 'Free some space and try again.' },
  /*i18n*/ { id: 'storage.advice.readonly', message: 'Make it writable and try again.' },
  /*i18n*/ { id: 'storage.advice.io', message: 'Check the disk and try again.' },
  /*i18n*/ { id: 'storage.kept.busy', message: '{kept}; try again.' },
  /*i18n*/ { id: 'storage.kept.full', message: '{kept}; free some space and try again.' },
  /*i18n*/ { id: 'storage.kept.readonly', message: '{kept}; make it writable and try again.' },
  /*i18n*/ { id: 'storage.kept.io', message: '{kept}; check the disk and try again.' },
  /*i18n*/ { id: 'storage.unsaved', message: 'Nothing was saved' },
  /*i18n*/ { id: 'storage.unchanged', message: 'Nothing was changed' },
  /*i18n*/ { id: 'storage.thread-stopped', message: 'The {thread} thread stopped.' },
  /*i18n*/ { id: 'storage.thread-kept', message: 'What was saved before is kept; try again.' },
  /*i18n*/ { id: 'storage.closing', message: 'The application is closing.' },
  /*i18n*/ { id: 'storage.closing-kept', message: 'What was saved before is kept.' },
  /*i18n*/ {
    id: 'storage.foreign-table',
    message:
      'The file contains the table {name}, whose name the update needs. Rename or remove the table with the tool that made it.',
  },
  /*i18n*/ { id: 'storage.foreign-object', message: 'The file contains the {type} {name}, which prevents the update.' },
] as const
