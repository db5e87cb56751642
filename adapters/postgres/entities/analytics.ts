import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { moment } from './columns';
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

/** The same summed over everybody, for days that are over. */
export const SystemFigure = defineEntity({
  name: 'SystemFigure',
  tableName: 'system_figures',
  properties: figure(),
});
export type SystemFigure = InferEntity<typeof SystemFigure>;
