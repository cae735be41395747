/** The beginning of a trigger's refusal. The rest names the rule. */
export const REFUSAL = 'refused'
