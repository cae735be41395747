import { expect, test } from 'vitest'
import {
  BUCKET_LABELS,
  FUNNEL_TITLE,
  funnelSteps,
  GOALS_LABEL,
  HOUR_LABELS,
  HOUR_MEASURES,
  HOURS_TITLE,
  LOSS_REASONS_TITLE,
  NO_SHOW_LABELS,
  NO_SHOWS_TITLE,
  PART_LABELS,
  PEOPLE_TITLE,
  reasonLabel,
  TREND_PARTS,
  TREND_TITLES,
  UNDECIDED_TITLE,
} from '../../../core/figures/report-parts.ts'
import { NO_CALLS, NO_REASON } from '../../../core/metrics/metrics.ts'
import { NO_SHOW_KINDS } from '../../../core/metrics/no-shows.ts'
import { BUCKET_SIZES } from '../../../core/time/report-periods.ts'
import {
  bucketSizeLabel,
  funnelLabel,
  funnelTitle,
  funnelWord,
  goalsLabel,
  hourLabel,
  hoursTitle,
  lossLabel,
  lossReasonsTitle,
  noShowLabel,
  noShowsTitle,
  partLabel,
  partWord,
  peopleTitle,
  trendTitle,
  undecidedTitle,
} from './report-labels.ts'

const named = <K extends string>(keys: readonly K[], label: (key: K) => string) =>
  Object.fromEntries(keys.map((key) => [key, label(key)]))

test('the English names of the report are those of files', () => {
  expect(named(TREND_PARTS, partLabel)).toEqual(PART_LABELS)
  expect(named(TREND_PARTS, partWord)).toEqual(named(TREND_PARTS, (part) => PART_LABELS[part].toLowerCase()))
  expect(named(BUCKET_SIZES, trendTitle)).toEqual(TREND_TITLES)
  expect(named(BUCKET_SIZES, bucketSizeLabel)).toEqual(BUCKET_LABELS)
  expect(named(NO_SHOW_KINDS, noShowLabel)).toEqual(NO_SHOW_LABELS)
  expect(named(HOUR_MEASURES, hourLabel)).toEqual(HOUR_LABELS)
  for (const { key, label } of funnelSteps(NO_CALLS)) {
    expect(funnelLabel(key)).toBe(label)
    expect(funnelWord(key)).toBe(label.toLowerCase())
  }
  expect([
    lossReasonsTitle(),
    hoursTitle(),
    funnelTitle(),
    undecidedTitle(),
    noShowsTitle(),
    peopleTitle(),
    goalsLabel(),
  ]).toEqual([LOSS_REASONS_TITLE, HOURS_TITLE, FUNNEL_TITLE, UNDECIDED_TITLE, NO_SHOWS_TITLE, PEOPLE_TITLE, GOALS_LABEL])
})

test('a loss reason has the same name as in files, also without a reason', () => {
  for (const row of [
    { lossReasonId: 'a', name: 'Too expensive', isActive: true },
    { lossReasonId: 'a', name: 'Too expensive', isActive: false },
    { lossReasonId: null, name: NO_REASON, isActive: true },
  ]) {
    expect(lossLabel(row)).toBe(reasonLabel(row))
  }
})
