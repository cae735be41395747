/** The counts of a column's values in the order in which they are shown, with their labels. */
export const COLUMN_COUNTS = [
  ['used', 'used'],
  ['cleaned', 'cleaned'],
  ['doubted', 'doubtful'],
  ['leftOut', 'left out'],
  ['refused', 'in refused rows'],
] as const
