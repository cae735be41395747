/** Counts of a column's values with their labels, in the order on the screen. */
export const COLUMN_COUNTS = [
  ['used', 'used'],
  ['cleaned', 'cleaned'],
  ['doubted', 'doubtful'],
  ['leftOut', 'left out'],
  ['refused', 'in refused rows'],
] as const
