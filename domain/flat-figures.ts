import type { Cell } from './csv';

/** A value within a body of JSON, and where it stands there: `blocked.sources.lists.0.name`. */
export interface FlatFigure {
  figure: string;
  value: Cell;
}

/** All values of a body, in its order. What holds nothing is left out. */
export function flatFigures(value: unknown, where = ''): FlatFigure[] {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return [{ figure: where, value }];
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]) => flatFigures(inner, where === '' ? name : `${where}.${name}`));
}
