/** What a trigger's refusal begins with; the rest says which rule. */
export const REFUSAL = 'refused'
