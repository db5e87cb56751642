import { sealedColumns } from '../vault/sealed-columns';
import type { Vault } from '../vault/vault';
import type { EntityManager } from './orm';
import { countByKey } from './vault-rotation';

/** What is sealed under which key. */
export interface VaultReport {
  newestKeyId: string;
  keys: {
    keyId: string;
    /** Whether this process has it. */
    inRing: boolean;
    newest: boolean;
    values: number;
    /** It is in the ring, seals nothing new here and nothing is left under it. */
    removable: boolean;
  }[];
  columns: { table: string; column: string; values: number; byKey: { keyId: string | null; values: number }[] }[];
  /** Values that a rotation has still to move. */
  toRotate: number;
  /** Values whose key this process does not have, or from which no key's id can be read. */
  keyMissing: number;
}

/** Counts every sealed value by the key that it names. Reads every row with one. */
export async function vaultReport(em: EntityManager, { keyIds }: Pick<Vault, 'keyIds'>): Promise<VaultReport> {
  const [newest] = keyIds;
  const columns: VaultReport['columns'] = [];
  const held = new Map<string, number>(keyIds.map((keyId) => [keyId, 0]));
  let nameless = 0;
  for (const sealed of sealedColumns) {
    const byKey = await countByKey(em, sealed);
    columns.push({
      table: sealed.table,
      column: sealed.column,
      values: byKey.reduce((sum, { values }) => sum + values, 0),
      byKey,
    });
    for (const { keyId, values } of byKey) {
      if (keyId === null) nameless += values;
      else held.set(keyId, (held.get(keyId) ?? 0) + values);
    }
  }
  const keys = [...held].map(([keyId, values]) => {
    const inRing = keyIds.includes(keyId);
    return { keyId, inRing, newest: keyId === newest, values, removable: inRing && keyId !== newest && values === 0 };
  });
  const sum = (counted: typeof keys) => counted.reduce((total, { values }) => total + values, 0);
  return {
    newestKeyId: newest,
    keys,
    columns,
    toRotate: sum(keys.filter(({ inRing, newest: isNewest }) => inRing && !isNewest)),
    keyMissing: nameless + sum(keys.filter(({ inRing }) => !inRing)),
  };
}
