/** The position of the list's row that was pressed, from its `data-index`; undefined beside any row. */
export function rowIndexAt(target: EventTarget): number | undefined {
  const index = target instanceof Element ? target.closest<HTMLElement>('[data-index]')?.dataset['index'] : undefined
  return index === undefined ? undefined : Number(index)
}
