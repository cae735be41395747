import { t } from '@lingui/core/macro'
import { Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { DateTime } from 'luxon'
import { useApi } from '../../api/api-context.ts'
import { Shown } from '../../feedback/states.tsx'
import { useSession } from '../../session/session-context.ts'
import { READ_AGAIN } from './use-agenda.ts'
import { basisText, figureLabel, usualText, valueText } from './usual-text.ts'

/** The person's own figures of the day, each with the usual one by this time. */
export function DayFigures() {
  const { query } = useApi()
  const zone = useSession().settings.time_zone
  const day = useQuery(query.agenda.day.queryOptions({ refetchInterval: READ_AGAIN }))
  return (
    <section aria-label={t`Your day so far`}>
      <Shown query={day} what={t`Your figures`}>
        {({ figures, days, computedAt }) => (
          <>
            <Group gap="0 var(--mantine-spacing-xl)">
              {figures.map((figure) => (
                <Text key={figure.key} role="group" aria-label={figureLabel(figure.key)}>
                  <Text span fw={600}>
                    {valueText(figure)}
                  </Text>
                  {usualText(figure) !== undefined && (
                    <Text span c="dimmed">
                      {`, ${usualText(figure)}`}
                    </Text>
                  )}
                </Text>
              ))}
            </Group>
            <Text c="dimmed">{basisText(days, DateTime.fromMillis(computedAt, { zone }).weekday)}</Text>
          </>
        )}
      </Shown>
    </section>
  )
}
