/** The hours of a week, counted from Monday 00:00 of the client's clock. */
export const WEEK_HOURS = 168
