import type { Difference } from './compare-libraries';
import type { DeclaredLosses } from './losses';
import type { SandboxPlaylist } from './sandbox';

/**
 * Compares a playlist with what it was, place by place. Where the sequence differs, what is missing or too much is named;
 * where nothing is, the places whose item is another.
 */
export function comparePlaylist(
  before: SandboxPlaylist,
  after: SandboxPlaylist,
  declared: DeclaredLosses,
): Difference[] {
  const described: Difference[] =
    before.name === after.name && before.ownerId === after.ownerId && before.collaborative === after.collaborative
      ? []
      : [{ uri: `spotify:playlist:${before.id}`, what: 'description', declared: false }];
  const moved = before.items.flatMap(({ uri }, place) =>
    after.items[place]?.uri === uri ? [] : [{ uri, place: place + 1 }],
  );
  if (moved.length === 0 && before.items.length === after.items.length)
    return [...described, ...compareMarks(before, after, declared)];
  const counted = compareCounts(before, after, declared);
  if (counted.length > 0) return [...described, ...counted];
  return [...described, ...moved.map((item): Difference => ({ ...item, what: 'order', declared: false }))];
}

/** Same items in the same places: what is left are the date of each and who added it. */
function compareMarks(before: SandboxPlaylist, after: SandboxPlaylist, declared: DeclaredLosses): Difference[] {
  return before.items.flatMap(({ uri, addedAt, addedBy }, place) => {
    const losses = uri === null ? new Set<string>() : declared('playlist_track', uri, before.id);
    const other = after.items[place];
    const difference = (what: 'date_added' | 'added_by'): Difference => ({
      uri,
      what,
      place: place + 1,
      declared: losses.has(what),
    });
    return [
      ...(other?.addedAt === addedAt ? [] : [difference('date_added')]),
      ...(other?.addedBy === addedBy ? [] : [difference('added_by')]),
    ];
  });
}

function compareCounts(before: SandboxPlaylist, after: SandboxPlaylist, declared: DeclaredLosses): Difference[] {
  const surplus = new Map<string | null, number>();
  for (const { uri } of after.items) surplus.set(uri, (surplus.get(uri) ?? 0) + 1);
  for (const { uri } of before.items) surplus.set(uri, (surplus.get(uri) ?? 0) - 1);
  return [...surplus].flatMap(([uri, count]) =>
    Array.from({ length: Math.abs(count) }, (): Difference => {
      if (count > 0) return { uri, what: 'added', declared: false };
      return {
        uri,
        what: 'missing',
        declared: uri !== null && declared('playlist_track', uri, before.id).has('not_restorable'),
      };
    }),
  );
}
