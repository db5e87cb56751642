import {
  alignWithLive,
  buryUris,
  insertionsBetween,
  liveView,
  reviveActions,
  sequenceFromLive,
  type LiveItem,
  type PlaylistSequence,
} from '../../../../domain/playlist-sequence';

/** A playlist as Spotify keeps one: removal takes all copies of a URI, insertion stamps a new date and the caller. */
export class ModelPlaylist {
  private clock = 0;
  items: LiveItem[];

  constructor(uris: readonly (string | null)[]) {
    this.items = uris.map((uri) => ({ uri, addedAt: this.now(), addedBy: 'person' }));
  }

  get uris(): (string | null)[] {
    return this.items.map((item) => item.uri);
  }

  deleteUris(uris: ReadonlySet<string>): void {
    this.items = this.items.filter((item) => item.uri === null || !uris.has(item.uri));
  }

  insert(position: number, uris: readonly string[]): void {
    this.items.splice(position, 0, ...uris.map((uri) => ({ uri, addedAt: this.now(), addedBy: 'person' })));
  }

  removeAt(position: number): string | null | undefined {
    return this.items.splice(position, 1)[0]?.uri;
  }

  move(from: number, to: number): void {
    const [item] = this.items.splice(from, 1);
    if (item) this.items.splice(to, 0, item);
  }

  private now(): string {
    return new Date(Date.UTC(2020, 0, 1, 0, 0, (this.clock += 1))).toISOString();
  }
}

/** Does to a model playlist what runs and rollbacks do, keeping the sequence beside it. */
export class Enforcer {
  sequence: PlaylistSequence;

  constructor(readonly playlist: ModelPlaylist) {
    this.sequence = sequenceFromLive(playlist.items);
  }

  align(): void {
    this.sequence = alignWithLive(this.sequence, this.playlist.items).sequence;
    mustEqual(liveView(this.sequence), this.playlist.items);
  }

  run(run: string, uris: Iterable<string>): void {
    this.align();
    const holders = new Map([...uris].map((uri) => [uri, actionId(run, uri)]));
    this.playlist.deleteUris(new Set(holders.keys()));
    this.sequence = buryUris(this.sequence, holders);
    mustEqual(liveView(this.sequence), this.playlist.items);
  }

  /** @param landed how many insertion calls reach the provider before the worker dies; all when left out */
  undo(run: string, landed = Infinity): void {
    this.align();
    const ids = new Set(this.sequence.flatMap(({ ghostOf }) => (ghostOf?.startsWith(`${run}:`) ? [ghostOf] : [])));
    const revival = reviveActions(this.sequence, ids);
    const target = liveView(revival.sequence);
    for (const { position, uris } of insertionsBetween(this.playlist.items, target).slice(0, landed)) {
      this.playlist.insert(position, uris);
    }
    mustEqual(
      revival.revived.map(({ index }) => target[index]?.uri),
      revival.revived.map(({ uri }) => uri),
    );
    if (landed !== Infinity) return;
    mustEqual(
      this.playlist.uris,
      target.map((item) => item.uri),
    );
    this.sequence = revival.sequence;
  }
}

function actionId(run: string, uri: string): string {
  return `${run}:${uri}`;
}

export function countOf(uris: readonly (string | null)[], uri: string | null): number {
  return uris.filter((other) => other === uri).length;
}

/** As `toEqual`, at a fraction of its time: properties compare millions of times. */
export function mustEqual(seen: unknown, wanted: unknown): void {
  if (JSON.stringify(seen) !== JSON.stringify(wanted)) expect(seen).toEqual(wanted);
}
