import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { ReleasedGroup } from '../../../domain/privacy/comparative-release';
import { madeAt, moment } from './columns';
import { User } from './people';

/** What a figure is about, and how many; see `domain/figures.ts`. Days are UTC. */
const figure = () => ({
  figure: p.string().length(20).primary(),
  day: p.date().primary(),
  /** Empty where no provider has to do with it. */
  provider: p.string().length(20).primary(),
  /** Of actions their type, of runs theirs; otherwise empty. */
  kind: p.string().length(40).primary(),
  outcome: p.string().length(30).primary(),
  n: p.bigint(),
});

/** A person's figures, day by day, which triggers keep in step with actions, runs and blocks, in the same transaction. */
export const PersonFigure = defineEntity({
  name: 'PersonFigure',
  tableName: 'person_figures',
  properties: {
    userId: p.manyToOne(User).mapToPk().primary().fieldName('user_id').deleteRule('cascade'),
    ...figure(),
    changedAt: moment().defaultRaw('now()'),
  },
  indexes: [{ properties: ['day', 'figure'] }, { properties: ['changedAt'] }],
});
export type PersonFigure = InferEntity<typeof PersonFigure>;

/** A row for each person who has figures, locked by whoever writes some of them: so nobody waits for another in two orders. */
export const FigureTurn = defineEntity({
  name: 'FigureTurn',
  tableName: 'figure_turns',
  properties: {
    userId: p.manyToOne(User).mapToPk().primary().fieldName('user_id').deleteRule('cascade'),
  },
});
export type FigureTurn = InferEntity<typeof FigureTurn>;

/** The same summed over everybody, for days that are over. */
export const SystemFigure = defineEntity({
  name: 'SystemFigure',
  tableName: 'system_figures',
  properties: figure(),
});
export type SystemFigure = InferEntity<typeof SystemFigure>;

/** How far `system_figures` goes: one row. */
export const FigureClosing = defineEntity({
  name: 'FigureClosing',
  tableName: 'figure_closing',
  properties: {
    id: p.smallint().primary().autoincrement(false),
    /** The last day that is summed; null before the first. */
    closedTo: p.date().nullable(),
    /** Changes of transactions that began before it have been looked at. */
    lookedTo: moment().nullable(),
  },
});
export type FigureClosing = InferEntity<typeof FigureClosing>;

/** Notes that a day has to be summed anew: a trigger's, where people's figures go, and the closing's own of what changed late. */
export const FigureDayChange = defineEntity({
  name: 'FigureDayChange',
  tableName: 'figure_day_changes',
  properties: { id: p.bigint().primary(), day: p.date() },
  indexes: [{ properties: ['day'] }],
});
export type FigureDayChange = InferEntity<typeof FigureDayChange>;

/** The ledger of what comparing people costs their privacy: ε in thousandths, once a released day. Only ever added to. */
export const PrivacySpend = defineEntity({
  name: 'PrivacySpend',
  tableName: 'privacy_spends',
  properties: { day: p.date().primary(), epsilonMilli: p.integer(), madeAt: madeAt() },
});
export type PrivacySpend = InferEntity<typeof PrivacySpend>;

/** What a day's comparison says, to everybody and for good: nothing else that was drawn for it is kept. */
export const ComparativeRelease = defineEntity({
  name: 'ComparativeRelease',
  tableName: 'comparative_releases',
  properties: {
    day: p.manyToOne(PrivacySpend).mapToPk().primary().fieldName('day').deleteRule('restrict'),
    mechanism: p.string().length(60),
    threshold: p.integer(),
    groups: p.json<ReleasedGroup[]>(),
  },
});
export type ComparativeRelease = InferEntity<typeof ComparativeRelease>;
