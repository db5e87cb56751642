import { decisionsApartFrom, type RemovedItem, stillBlockedBy } from '../../../domain/artist-restore';
import { type BlockSource, type EffectiveBlock, noExceptions } from '../../../domain/blocks';
import type { EffectiveDecisions } from '../../../domain/effective-blocks';
import { switchesFor } from '../../../domain/matching';

const block = (artistId: string, sources: BlockSource[] = [{ kind: 'own' }], contested = false): EffectiveBlock => ({
  artistId,
  artistName: artistId,
  aliases: [],
  sources,
  contested,
});
const decisions = (artists: EffectiveBlock[]): EffectiveDecisions => ({
  artists,
  tracks: [],
  exceptions: noExceptions,
});
const list: BlockSource = { kind: 'list', listId: 'l', version: 1 };
const catalog = {
  tracks: new Map(),
  albums: new Map([
    [
      'album',
      {
        id: 'album',
        uri: 'album',
        name: '',
        artists: [{ id: 'a', name: '', providerId: '' }],
        imageUrl: null,
        url: null,
      },
    ],
  ]),
  artists: new Map(),
};
const item = (uri: string, artistIds: string[], preset: 'standard' | 'thorough' = 'standard'): RemovedItem => ({
  uri,
  artistIds,
  switches: switchesFor(preset),
});

describe('what is decided apart from an artist', () => {
  const all = decisions([block('a', [{ kind: 'own' }, list]), block('b')]);
  const ids = (left: EffectiveDecisions) => left.artists.map(({ artistId }) => artistId);

  it('without unblocking takes nothing about the artist into account', () => {
    expect(ids(decisionsApartFrom('a', all, { unblocked: false }))).toEqual(['b']);
  });

  it('with the block withdrawn leaves the lists that name the artist', () => {
    const left = decisionsApartFrom('a', all, { unblocked: true });
    expect(left.artists[0]).toMatchObject({ artistId: 'a', sources: [list] });
    expect(ids(decisionsApartFrom('b', all, { unblocked: true }))).toEqual(['a']);
  });
});

describe('what still wants a removed item out', () => {
  it('by the artists it was removed for, where the catalog has lost it', () => {
    const judge = stillBlockedBy(catalog, decisions([block('b')]));
    expect(judge(item('gone', ['a', 'b']))).toEqual({
      reason: 'artist_blocked',
      blockedBy: [{ artistId: 'b', artistName: 'b' }],
    });
    expect(judge(item('gone', ['a']))).toBeNull();
  });

  it('a track on an album only where the plan went by whole albums', () => {
    const judge = stillBlockedBy(catalog, decisions([block('b')]));
    expect(judge(item('album', ['a', 'b']))).toBeNull();
    expect(judge(item('album', ['a', 'b'], 'thorough'))).toMatchObject({ reason: 'artist_blocked' });
  });

  it('no offense that is under appeal', () => {
    const judge = stillBlockedBy(catalog, decisions([block('b', [list], true)]));
    expect(judge(item('gone', ['b']))).toBeNull();
  });

  it('no album that the person keeps', () => {
    const kept = {
      ...decisions([block('a')]),
      exceptions: { trackIds: new Set<string>(), albumIds: new Set(['album']) },
    };
    expect(stillBlockedBy(catalog, kept)(item('album', ['a']))).toBeNull();
    expect(stillBlockedBy(catalog, decisions([block('a')]))(item('album', ['a']))).not.toBeNull();
  });
});
