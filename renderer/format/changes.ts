import { numbers } from './number-locale.ts'

/** `changeText` returns a change as text: "+12.5%", "−3.1 points", "new". */
export const { change: changeText, signedPoints, signedCount } = numbers
