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

export const idIn = (ids: readonly string[]): string => within('id', ids);

/** Whose rows: of these; or of all after one, up to another or to the end, as texts are ordered. */
export type Owners = { of: readonly string[] } | { after: string | null; upTo: string | null };

/** The rows of these owners that are not among those with the ids. */
export function ownedBut(column: string, owners: Owners, ids: readonly string[]): string {
  const owned =
    'of' in owners
      ? [within(column, owners.of)]
      : [
          ...(owners.after === null ? [] : [`${column} > ${quoted(owners.after)}`]),
          ...(owners.upTo === null ? [] : [`${column} <= ${quoted(owners.upTo)}`]),
        ];
  const but = ids.length > 0 ? [`not (${idIn(ids)})`] : [];
  return [...owned, ...but].join(' and ') || 'true';
}

const within = (column: string, values: readonly string[]) =>
  values.length > 0 ? `${column} in (${values.map(quoted).join(', ')})` : 'false';

const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`;

function finite(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('A row cannot be filtered by what is no number.');
  return String(value);
}
