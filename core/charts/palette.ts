import type { Ink } from './drawing.ts'

export type Palette = Readonly<Record<Ink, string>>

/**
 * Colours of charts that people with any colour vision can tell apart; they also differ in lightness (Okabe and Ito, "Color Universal Design").
 * Files use the light colours.
 */
export const PALETTES = {
  light: {
    text: '#000000',
    faint: '#565e66',
    grid: '#dee2e6',
    completed: '#0072b2',
    noShow: '#d55e00',
    rescheduled: '#e69f00',
    cancelled: '#999999',
    // Not a lighter blue: a partial bar of completed calls has that colour.
    scheduled: '#cc79a7',
    bar: '#0072b2',
    line: '#364fc7',
    former: '#6a727a',
    target: '#007a5a',
    few: '#f1f3f5',
  },
  dark: {
    text: '#c9c9c9',
    faint: '#a6a7ab',
    grid: '#373737',
    completed: '#3b9fe0',
    noShow: '#ff8a3d',
    rescheduled: '#f2c14e',
    cancelled: '#8a8a8a',
    scheduled: '#e3a5c7',
    bar: '#3b9fe0',
    line: '#91a7ff',
    former: '#a6a7ab',
    target: '#2fbf91',
    few: '#2b2b2b',
  },
} as const satisfies Readonly<Record<'light' | 'dark', Palette>>

export const BACKGROUNDS = { light: '#ffffff', dark: '#242424' } as const
