import type { AppleMusicItem, AppleMusicLibrary, AppleMusicPlaylist } from './apple-music-library';
import { type AppleMusicDecisions, type AppleMusicMatcher, appleMusicMatcher } from './apple-music-matcher';
import { formatAppleMusicUri, parseAppleMusicUri } from './apple-music-uri';
import { itemAddress } from './item-address';
import { removalOf, type RatedItemType } from './capabilities';
import type { Match } from './matching';
import type { PlannedItem } from './planned-item';
import { oneAnArtist } from './track-matcher';

/** Everything that a plan at Apple Music rests on. */
export interface AppleMusicPlanInput extends AppleMusicDecisions {
  library: AppleMusicLibrary;
}

/**
 * What a plan at Apple Music holds, in a stable order: songs and albums to be rated "Suggest Less", then for each playlist
 * that the person can change the tracks that only they can remove. Items that rest on names alone are not included; what
 * is done by hand never is.
 */
export function planAppleMusicItems(input: AppleMusicPlanInput): PlannedItem[] {
  const { library, switches } = input;
  const matcher = appleMusicMatcher(input);
  return [
    ...(switches.likedTracks ? planSongs(input, matcher) : []),
    ...(switches.savedAlbums ? planAlbums(input, matcher) : []),
    ...(switches.playlistTracks ? library.playlists.flatMap((each) => planPlaylist(input, each, matcher)) : []),
  ];
}

function planSongs(input: AppleMusicPlanInput, { song }: AppleMusicMatcher): PlannedItem[] {
  return distinct(input.library.songs).flatMap((item) => {
    // Music videos are rated apart, and nobody blocks those here.
    if (parseAppleMusicUri(item.uri)?.kind !== 'song') return [];
    const matches = song(item);
    return matches.length > 0 ? [ratedItem('rated_song', item, matches, describeSong(input, item))] : [];
  });
}

function planAlbums(input: AppleMusicPlanInput, { album, song }: AppleMusicMatcher): PlannedItem[] {
  const byTrack = input.switches.wholeAlbums ? matchesByAlbum(input, song) : new Map<string, Match[]>();
  return distinct(input.library.albums).flatMap((item) => {
    const known = input.albumsByUri.get(item.uri);
    if (known && input.exceptions.albumIds.has(known.id)) return [];
    const byArtist = album(item);
    const further = (byTrack.get(item.uri) ?? []).filter(
      ({ artistId }) => !byArtist.some((match) => match.artistId === artistId),
    );
    const matches = [...byArtist, ...further];
    const { url = null, imageUrl = null } = known ?? {};
    const described = { album: item.name, artists: namesOf(known?.artists, item), url, imageUrl };
    return matches.length > 0 ? [ratedItem('rated_album', item, matches, described)] : [];
  });
}

/** For each album of the library, by its URI, the matches of the library's songs on it, one an artist. */
function matchesByAlbum(
  { library, tracksByUri, albumsByUri }: AppleMusicPlanInput,
  song: AppleMusicMatcher['song'],
): Map<string, Match[]> {
  const uriById = new Map([...albumsByUri].map(([uri, { id }]) => [id, uri]));
  const albums = new Map<string, Match[]>();
  for (const item of distinct([...library.songs, ...library.playlists.flatMap(({ items }) => items)])) {
    const uri = uriById.get(tracksByUri.get(item.uri)?.albumId ?? '');
    if (uri === undefined) continue;
    const matches = albums.get(uri) ?? [];
    for (const match of song(item)) {
      if (matches.some(({ artistId }) => artistId === match.artistId)) continue;
      matches.push({ ...match, evidence: { kind: 'album_track', detail: item.uri } });
    }
    albums.set(uri, matches);
  }
  return albums;
}

function planPlaylist(
  input: AppleMusicPlanInput,
  playlist: AppleMusicPlaylist,
  { song }: AppleMusicMatcher,
): PlannedItem[] {
  if (!playlist.editable) return [];
  const positions = new Map<string, number[]>();
  playlist.items.forEach(({ uri }, position) => positions.set(uri, [...(positions.get(uri) ?? []), position]));
  const manual = distinct(playlist.items).flatMap((item): PlannedItem[] => {
    const matches = song(item);
    if (matches.length === 0) return [];
    const { uri, name } = item;
    return [
      {
        itemType: 'manual',
        uri,
        playlistProviderId: playlist.providerId,
        playlistName: playlist.name,
        positions: positions.get(uri) ?? [],
        name,
        ...describeSong(input, item),
        matches,
        action: 'none',
        losses: [],
        included: false,
        needsReview: matches.every((match) => match.needsReview),
        notEnforceable: 'by_hand',
      },
    ];
  });
  return [...manual, ...copyOf(playlist, manual)];
}

/**
 * A copy of a playlist without what ids speak against, for those who want one: nothing is left out for a name alone, and
 * no copy is made that nobody has asked for.
 */
function copyOf({ providerId, name }: AppleMusicPlaylist, manual: readonly PlannedItem[]): PlannedItem[] {
  const matches = oneAnArtist(manual.filter(({ needsReview }) => !needsReview).flatMap((item) => item.matches));
  if (matches.length === 0) return [];
  const uri = formatAppleMusicUri('playlist', providerId);
  return [
    {
      itemType: 'playlist_copy',
      uri,
      playlistProviderId: providerId,
      playlistName: name,
      positions: null,
      name,
      artists: [],
      album: null,
      url: itemAddress(uri)?.url ?? null,
      imageUrl: null,
      matches,
      action: 'copy_playlist',
      losses: ['not_restorable'],
      included: false,
      needsReview: false,
      notEnforceable: null,
    },
  ];
}

type Description = Pick<PlannedItem, 'artists' | 'album' | 'url' | 'imageUrl'>;

function describeSong({ tracksByUri }: AppleMusicPlanInput, item: AppleMusicItem): Description {
  const known = tracksByUri.get(item.uri);
  const { url = null, imageUrl = null } = known ?? {};
  return { artists: namesOf(known?.artists, item), album: item.albumName, url, imageUrl };
}

const namesOf = (artists: readonly { name: string }[] | undefined, { artistName }: AppleMusicItem): string[] =>
  artists && artists.length > 0 ? artists.map(({ name }) => name) : artistName === '' ? [] : [artistName];

function ratedItem(
  itemType: RatedItemType,
  { uri, name }: AppleMusicItem,
  matches: Match[],
  described: Description,
): PlannedItem {
  const needsReview = matches.every((match) => match.needsReview);
  return {
    itemType,
    uri,
    playlistProviderId: null,
    playlistName: null,
    positions: null,
    name,
    ...described,
    matches,
    action: removalOf(itemType),
    losses: [],
    included: !needsReview,
    needsReview,
    notEnforceable: null,
  };
}

function distinct(items: readonly AppleMusicItem[]): AppleMusicItem[] {
  return [...new Map(items.map((item) => [item.uri, item])).values()];
}
