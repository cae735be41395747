/** The first key of a pair and when it was pressed, ms; undefined: none is pressed. */
export type FirstKey = { readonly key: string; readonly at: number } | undefined

/** The longest time between the two keys of a pair, ms. */
const PAIR_WITHIN = 1_500

/**
 * Returns the name of the pair that a key ends; undefined if the key is a key of its own. A plain character soon after the first key of a
 * pair is part of the pair, also if there is no such pair: so a mistyped pair does nothing. Enter, Delete and Ctrl+Z, for example, stay keys
 * of their own.
 * @param name as returned by `keyName`
 * @param isPair returns whether an action has this pair
 */
export function endedPair(
  first: FirstKey,
  { name, at }: { readonly name: string; readonly at: number },
  isPair: (pair: string) => boolean,
): string | undefined {
  if (first === undefined || at - first.at >= PAIR_WITHIN) return undefined
  const pair = `${first.key} ${name}`
  // A character may take two units of UTF-16.
  return Array.from(name).length === 1 || isPair(pair) ? pair : undefined
}
