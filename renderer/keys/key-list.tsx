import { Group, Kbd } from '@mantine/core'
import { Fragment } from 'react'
import { keyPresses } from './key-text.ts'

/** One key as a person presses it: `Ctrl+K`, or `G` and `C` one after the other. Its text is that of `keyText`. */
export function KeyName({ name }: { readonly name: string }) {
  const [first = [], second] = keyPresses(name)
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      <Kbd>{first.join('+')}</Kbd>
      {second !== undefined && (
        <Fragment>
          {' '}
          <Kbd>{second.join('+')}</Kbd>
        </Fragment>
      )}
    </span>
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
