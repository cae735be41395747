import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { Button, Group, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { ImportMap } from '../../../core/contract/imports.ts'
import { useApi } from '../../api/api-context.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { useImportJob } from './import-job.ts'

/** Mappings that were saved for files with this header. */
export function OfferedMaps() {
  const { api } = useApi()
  const { preview, applySaved } = useImportJob()
  if (preview === null || preview.savedMaps.length === 0) return null
  const use = async (name: string, map: ImportMap) => {
    if (await applySaved(api, map)) notifyDone(t`Mapping “${name}” applied`)
  }
  return (
    <Group gap="sm" role="group" aria-label={t`Saved mappings`}>
      <Text>
        <Trans>Saved mappings for this header:</Trans>
      </Text>
      {preview.savedMaps.map(({ name, map }) => (
        <Button key={name} variant="default" onClick={() => void use(name, map)}>
          {t`Use “${name}”`}
        </Button>
      ))}
    </Group>
  )
}

/** Saves the mapping on the screen by name. */
export function SaveMap() {
  const { api } = useApi()
  const { preview, map } = useImportJob()
  const [name, setName] = useState('')
  if (preview === null || map === null) return null
  const header = preview.columns.map((column) => column.name)
  const save = async () => {
    try {
      await api.imports.saveMap({ name, header, map })
      const saved = name.trim()
      notifyDone(t`Mapping “${saved}” saved`)
    } catch (error) {
      notifyError(error)
    }
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <Group align="flex-end" gap="sm">
        <TextInput
          label={t`Save this mapping as`}
          description={t`Offered on this device for files with the same columns`}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={name.trim() === ''}>
          <Trans>Save mapping</Trans>
        </Button>
      </Group>
    </form>
  )
}
