import { numbers } from './number-locale.ts'

/** Returns a change as text: "+12.5 %", "−3.1 points", "new". */
export const changeText = numbers.change
