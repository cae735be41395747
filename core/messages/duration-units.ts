/** The names of the formats of durations in import files. */
export const DURATION_UNITS = [
  /*i18n*/ { id: 'duration.s', message: 'seconds' },
  /*i18n*/ { id: 'duration.ms', message: 'milliseconds' },
  /*i18n*/ { id: 'duration.min', message: 'minutes' },
  /*i18n*/ { id: 'duration.h', message: 'hours' },
  /*i18n*/ { id: 'duration.d', message: 'days (a spreadsheet’s fraction of a day)' },
  /*i18n*/ { id: 'duration.m:ss', message: 'minutes and seconds (m:ss)' },
  /*i18n*/ { id: 'duration.h:mm', message: 'hours and minutes (h:mm)' },
  /*i18n*/ { id: 'duration.h:mm:ss', message: 'hours, minutes and seconds (h:mm:ss)' },
  /*i18n*/ {
    id: 'duration.m:ss:00',
    message: 'minutes and seconds that a spreadsheet stored as hours and minutes (m:ss:00)',
  },
] as const
