import { Group, Kbd } from '@mantine/core'
import { keyPresses } from './key-text.ts'

/** One key as a person presses it: `Ctrl` `K`, or `G` `C` one after the other. */
export function KeyName({ name }: { readonly name: string }) {
  return (
    <Group component="span" gap={2} wrap="nowrap">
      {keyPresses(name)
        .flat()
        .map((part, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- a pair may have the same key twice
          <Kbd key={index}>{part}</Kbd>
        ))}
    </Group>
  )
}

/** Alternative keys of one action. */
export function KeyList({ keys }: { readonly keys: readonly string[] }) {
  return (
    <Group component="span" gap="sm">
      {keys.map((key) => (
        <KeyName key={key} name={key} />
      ))}
    </Group>
  )
}
