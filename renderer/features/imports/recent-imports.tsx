import { Alert, Button, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ImportRun, UndoCounts } from '../../../core/contract/import-undo.ts'
import { useApi } from '../../api/api-context.ts'
import { formatCount, NONE, plural } from '../../format/numbers.ts'
import { formatDateTime } from '../../format/times.ts'
import { FormError } from '../../feedback/states.tsx'
import { usePeople } from '../../session/use-names.ts'
import { useRights, useSession } from '../../session/session-context.ts'

function describe({ removed, restored, kept }: UndoCounts): string {
  const parts = [`${plural(removed, 'call')} deleted`, `${plural(restored, 'call')} changed back`]
  return [...parts, `${plural(kept, 'call')} kept because of later edits`].join(', ')
}

/** The imports that this device ran, each with its Undo. */
export function RecentImports() {
  const { api, query } = useApi()
  const queries = useQueryClient()
  const { user, settings } = useSession()
  const rights = useRights()
  const people = usePeople()
  // A cached list would move under the pointer when the last import is added, and Undo would apply to another import.
  const runs = useQuery({ ...query.imports.list.queryOptions(), gcTime: 0 })
  const [confirming, setConfirming] = useState<{ readonly run: ImportRun; readonly counts: UndoCounts } | null>(null)
  const [progress, setProgress] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  if (runs.data === undefined || runs.data.length === 0) return null

  async function undo(run: ImportRun, dryRun: boolean): Promise<UndoCounts | undefined> {
    setError(null)
    try {
      for await (const event of await api.imports.undo({ importId: run.importId, dryRun })) {
        if (event.kind === 'done') return event.counts
        setProgress(`${formatCount(event.done)} of ${plural(event.total, 'change')}`)
      }
    } catch (failure) {
      setError(failure)
    } finally {
      setProgress(null)
      if (!dryRun) await queries.invalidateQueries({ queryKey: query.imports.list.key() })
    }
    return undefined
  }
  // Undoing deletes the calls that the import created.
  const mayUndo = (run: ImportRun) => run.userId === user.id || rights.reach('calls.delete') === 'all'
  const ask = async (run: ImportRun) => {
    const counts = await undo(run, true)
    if (counts !== undefined) setConfirming({ run, counts })
  }
  const confirm = async () => {
    if (confirming === null) return
    setConfirming(null)
    await undo(confirming.run, false)
  }

  return (
    <Stack gap="xs" component="section" aria-label="Imports on this device">
      <Title order={2}>Imports on this device</Title>
      <FormError error={error} />
      {confirming !== null && (
        <Alert color="orange" title={`Undo the import of ${confirming.run.fileName ?? 'this file'}?`}>
          <Stack gap="sm" align="flex-start">
            <Text>
              {plural(confirming.counts.removed, 'call')} will be deleted and {plural(confirming.counts.restored, 'call')} will
              get earlier values back. {plural(confirming.counts.kept, 'call')} edited since the import will be kept. The file can
              be imported again.
            </Text>
            <Group>
              <Button onClick={() => void confirm()}>Undo import</Button>
              <Button variant="default" onClick={() => setConfirming(null)}>
                Keep the import
              </Button>
            </Group>
          </Stack>
        </Alert>
      )}
      {progress !== null && <Text role="status">{progress}</Text>}
      <Table aria-label="Imports on this device">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            <Table.Th>File</Table.Th>
            <Table.Th>By</Table.Th>
            <Table.Th>Created</Table.Th>
            <Table.Th>Updated</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.data.map((run) => (
            <Table.Tr key={run.importId}>
              <Table.Td>{formatDateTime(run.at, settings.time_zone)}</Table.Td>
              <Table.Td>{run.fileName ?? run.source ?? NONE}</Table.Td>
              <Table.Td>{people.name(run.userId)}</Table.Td>
              <Table.Td>{run.created === null ? NONE : formatCount(run.created)}</Table.Td>
              <Table.Td>{run.updated === null ? NONE : formatCount(run.updated)}</Table.Td>
              <Table.Td>
                {run.undone !== null ? (
                  <Text c="dimmed">Undone: {describe(run.undone)}</Text>
                ) : mayUndo(run) ? (
                  <Button
                    variant="default"
                    size="compact-sm"
                    aria-label={`Undo the import of ${run.fileName ?? 'this file'}`}
                    disabled={progress !== null}
                    onClick={() => void ask(run)}
                  >
                    Undo…
                  </Button>
                ) : (
                  <Text c="dimmed">An admin can undo it</Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}
