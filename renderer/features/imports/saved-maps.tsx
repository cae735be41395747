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
    if (await applySaved(api, map)) notifyDone(`Mapping “${name}” applied`)
  }
  return (
    <Group gap="sm" role="group" aria-label="Saved mappings">
      <Text>Saved mappings for this header:</Text>
      {preview.savedMaps.map(({ name, map }) => (
        <Button key={name} variant="default" onClick={() => void use(name, map)}>
          Use “{name}”
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
      notifyDone(`Mapping “${name.trim()}” saved`)
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
          label="Save this mapping as"
          description="Offered on this device for files with the same columns"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={name.trim() === ''}>
          Save mapping
        </Button>
      </Group>
    </form>
  )
}
