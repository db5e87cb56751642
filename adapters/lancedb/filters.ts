/** Rows whose columns equal these texts and lie between these numbers. Columns are named by our code, values by anybody. */
export interface RowFilter {
  equal?: Readonly<Record<string, string>>;
  between?: Readonly<Record<string, readonly [least: number, most: number]>>;
  idNot?: string;
}

/** The filter as LanceDB's SQL; null for one that lets everything through. */
export function sqlOf({ equal = {}, between = {}, idNot }: RowFilter): string | null {
  const conditions = [
    ...Object.entries(equal).map(([column, value]) => `${column} = ${quoted(value)}`),
    ...Object.entries(between).map(
      ([column, [least, most]]) => `${column} >= ${finite(least)} and ${column} <= ${finite(most)}`,
    ),
    ...(idNot === undefined ? [] : [`id <> ${quoted(idNot)}`]),
  ];
  return conditions.length > 0 ? conditions.join(' and ') : null;
}

export const idIn = (ids: readonly string[]): string => `id in (${ids.map(quoted).join(', ')})`;

const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`;

function finite(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('A row cannot be filtered by what is no number.');
  return String(value);
}
