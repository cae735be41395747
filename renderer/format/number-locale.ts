import { numberFormat } from '../../core/figures/number-format.ts'

/** Numbers have the format of the person's device. Without a window, as in unit tests, it is English. */
export const NUMBER_LOCALE = typeof document === 'undefined' ? 'en' : navigator.language

export const numbers = numberFormat(NUMBER_LOCALE)
