import { Plural, Trans } from '@lingui/react/macro'
import { plural, t } from '@lingui/core/macro'
import { Alert, Button, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ImportRun, UndoCounts } from '../../../core/contract/import-undo.ts'
import { useApi } from '../../api/api-context.ts'
import { formatCount, NONE } from '../../format/numbers.ts'
import { formatDateTime } from '../../format/times.ts'
import { FormError } from '../../feedback/states.tsx'
import { usePeople } from '../../session/use-names.ts'
import { useRights, useSession } from '../../session/session-context.ts'

function describe({ removed, restored, kept }: UndoCounts): string {
  return [
    plural(removed, { one: '# call deleted', other: '# calls deleted' }),
    plural(restored, { one: '# call changed back', other: '# calls changed back' }),
    plural(kept, { one: '# call kept because of later edits', other: '# calls kept because of later edits' }),
  ].join(', ')
}

function Undone({ counts }: { readonly counts: UndoCounts }) {
  const what = describe(counts)
  return <Text c="dimmed">{t`Undone: ${what}`}</Text>
}

function WhatUndoDoes({ counts: { removed, restored, kept } }: { readonly counts: UndoCounts }) {
  const calls = plural(removed, { one: '# call', other: '# calls' })
  const others = plural(restored, { one: '# call', other: '# calls' })
  return (
    <>
      {t`${calls} will be deleted and ${others} will get earlier values back.`}{' '}
      <Plural
        value={kept}
        one="# call edited since the import will be kept."
        other="# calls edited since the import will be kept."
      />{' '}
      <Trans>The file can be imported again.</Trans>
    </>
  )
}

function undoLabel({ fileName }: ImportRun): string {
  return fileName === null ? t`Undo the import of this file` : t`Undo the import of ${fileName}`
}

function undoQuestion({ fileName }: ImportRun): string {
  return fileName === null ? t`Undo the import of this file?` : t`Undo the import of ${fileName}?`
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
        const { total } = event
        const done = formatCount(event.done)
        setProgress(plural(total, { one: `${done} of # change`, other: `${done} of # changes` }))
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
    <Stack gap="xs" component="section" aria-label={t`Imports on this device`}>
      <Title order={2}>
        <Trans>Imports on this device</Trans>
      </Title>
      <FormError error={error} />
      {confirming !== null && (
        <Alert color="orange" title={undoQuestion(confirming.run)}>
          <Stack gap="sm" align="flex-start">
            <Text>
              <WhatUndoDoes counts={confirming.counts} />
            </Text>
            <Group>
              <Button onClick={() => void confirm()}>
                <Trans>Undo import</Trans>
              </Button>
              <Button variant="default" onClick={() => setConfirming(null)}>
                <Trans>Keep the import</Trans>
              </Button>
            </Group>
          </Stack>
        </Alert>
      )}
      {progress !== null && <Text role="status">{progress}</Text>}
      <Table aria-label={t`Imports on this device`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Trans>When</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>File</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>By</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Created</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Updated</Trans>
            </Table.Th>
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
                  <Undone counts={run.undone} />
                ) : mayUndo(run) ? (
                  <Button
                    variant="default"
                    size="compact-sm"
                    aria-label={undoLabel(run)}
                    disabled={progress !== null}
                    onClick={() => void ask(run)}
                  >
                    <Trans>Undo…</Trans>
                  </Button>
                ) : (
                  <Text c="dimmed">
                    <Trans>An admin can undo it</Trans>
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}
