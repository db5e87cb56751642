import fc from 'fast-check';
import { type Palette, trackUri } from './random-libraries';
import type { SandboxLibrary } from './sandbox-admin';

/** A random change, before it is known what there is to change: numbers are taken modulo what there is. */
export interface EditSeed {
  op: 'insert' | 'remove' | 'move' | 'rename';
  playlist: number;
  at: number;
  to: number;
}

export const editSeeds: fc.Arbitrary<EditSeed[]> = fc.array(
  fc.record({
    op: fc.constantFrom<EditSeed['op']>('insert', 'insert', 'remove', 'remove', 'move', 'rename'),
    playlist: fc.nat({ max: 10 }),
    at: fc.nat({ max: 50 }),
    to: fc.nat({ max: 50 }),
  }),
  { maxLength: 3 },
);

export interface Edit {
  playlistId: string;
  edit: Record<string, unknown>;
}

interface Followed {
  /** What was there in the beginning and the person has not taken out, in order. */
  original: (string | null)[];
  /** What the person has put in, and not taken out again. */
  added: string[];
  /** The person has moved something, so the order of the original is theirs. */
  moved: boolean;
}

/** What a person did to their own playlists while runs and rollbacks came and went. */
export class OwnEdits {
  readonly playlists = new Map<string, Followed>();

  constructor(
    before: SandboxLibrary,
    user: string,
    readonly palette: Palette,
  ) {
    for (const list of before.playlists) {
      if (list.ownerId !== user) continue;
      this.playlists.set(list.id, { original: list.items.map((item) => item.uri), added: [], moved: false });
    }
  }

  /** All copies are there, once each; what the person did not move is in its order. */
  expectKept(library: SandboxLibrary): void {
    const mine = new Set(this.palette.additions.map(trackUri));
    for (const list of library.playlists) {
      const followed = this.playlists.get(list.id);
      if (!followed) continue;
      const uris = list.items.map((item) => item.uri);
      const old = uris.filter((uri) => uri === null || !mine.has(uri));
      const inserted = uris.filter((uri) => uri !== null && mine.has(uri));
      expect([list.id, [...inserted].sort()]).toEqual([list.id, [...followed.added].sort()]);
      const inOrder = (items: (string | null)[]) => (followed.moved ? items.map(String).sort() : items);
      expect([list.id, inOrder(old)]).toEqual([list.id, inOrder(followed.original)]);
    }
  }
}

/** The change that a seed stands for, noted; null where there is nothing to change. */
export function editsOf(seed: EditSeed, own: OwnEdits, now: SandboxLibrary): Edit | null {
  const ids = [...own.playlists.keys()];
  const playlistId = ids[seed.playlist % (ids.length || 1)];
  const followed = playlistId ? own.playlists.get(playlistId) : undefined;
  const items = now.playlists.find((list) => list.id === playlistId)?.items ?? [];
  if (!playlistId || !followed) return null;
  if (seed.op === 'rename') return { playlistId, edit: { op: 'rename', name: `Name ${seed.at}` } };
  if (seed.op === 'insert') {
    const uri = trackUri(
      own.palette.additions[seed.to % own.palette.additions.length] as (typeof own.palette.additions)[number],
    );
    followed.added.push(uri);
    return { playlistId, edit: { op: 'insert', uris: [uri], position: seed.at % (items.length + 1) } };
  }
  if (items.length === 0) return null;
  const at = seed.at % items.length;
  const uri = items[at]?.uri ?? null;
  if (seed.op === 'move') {
    followed.moved = true;
    return { playlistId, edit: { op: 'move', from: at, to: seed.to % items.length } };
  }
  // Of several copies nobody could say afterwards which one is gone.
  const copies = [...followed.original, ...followed.added].filter((other) => other === uri).length;
  if (copies !== 1) return null;
  const list: (string | null)[] = followed.original.includes(uri) ? followed.original : followed.added;
  list.splice(list.indexOf(uri), 1);
  return { playlistId, edit: { op: 'remove', position: at } };
}
