import { blocksByArtist } from './blocks';
import type { SpotifyItemType } from './capabilities';
import { removalOf } from './capabilities';
import type { Library, LibraryAlbum, LibraryPlaylist, LibraryTrack, SavedItem } from './library';
import { matchPlaylistTitle } from './followed-playlists';
import { itemAddress } from './item-address';
import type { FiledTexts } from './library-file';
import { uncertainlyPlaced } from './like-order';
import { blockedNames, type Match, matchAlbum, matchArtist } from './matching';
import type { NotEnforceable, PlannedItem } from './planned-item';
import { isLocalFile, parseSpotifyUri } from './provider-uri';
import { lossesOf, putBackOf, type SpotifyDialect } from './reversibility';
import { type TrackDecisions, type TrackMatcher, trackMatcher } from './track-matcher';

/** A place in a file; `addedBy` is set in playlists only. */
export interface FiledPlace extends SavedItem {
  addedBy: string | null;
  texts: FiledTexts | null;
}

/**
 * What is in a file and not in the library, in the file's order; tracks of playlists that the person still owns, and playlists of
 * others that the person no longer follows.
 */
export interface MissingItems {
  likes: FiledPlace[];
  albums: FiledPlace[];
  follows: FiledPlace[];
  followedPlaylists: FiledPlace[];
  playlists: { playlist: LibraryPlaylist; tracks: MissingTrack[] }[];
}

/** A track that a playlist has less often than the file: `positions` are all its places there, zero-based. */
interface MissingTrack extends FiledPlace {
  positions: number[];
  /** How often the playlist has it now. */
  left: number;
}

/** A place whose URI is null was unavailable when the file was made. */
export type FilePlaces = readonly (Omit<FiledPlace, 'uri'> & { uri: string | null })[];

export function missingItems(
  file: Record<'likes' | 'albums' | 'follows' | 'followedPlaylists', FilePlaces> & {
    playlists: ReadonlyMap<string, FilePlaces>;
  },
  library: Library,
): MissingItems {
  return {
    likes: absent(
      file.likes,
      library.likes.map(({ uri }) => uri),
    ),
    albums: absent(
      file.albums,
      library.albums.map(({ uri }) => uri),
    ),
    follows: absent(file.follows, library.follows),
    followedPlaylists: absent(
      file.followedPlaylists,
      library.followedPlaylists.map(({ uri }) => uri),
    ),
    playlists: library.playlists.flatMap((playlist) => {
      const places = playlist.ownedByPerson ? file.playlists.get(playlist.providerId) : undefined;
      const tracks = places ? missingTracks(places, playlist) : [];
      return tracks.length > 0 ? [{ playlist, tracks }] : [];
    }),
  };
}

/** Distinct places of a list that has no URI among those of now. */
function absent(places: FilePlaces, now: readonly string[]): FiledPlace[] {
  const seen = new Set<string>(now);
  return places.flatMap(({ uri, ...place }) => {
    if (uri === null || seen.has(uri)) return [];
    seen.add(uri);
    return [{ ...place, uri }];
  });
}

function missingTracks(places: FilePlaces, { items }: LibraryPlaylist): MissingTrack[] {
  const now = new Map<string, number>();
  for (const { uri } of items) if (uri !== null) now.set(uri, (now.get(uri) ?? 0) + 1);
  const tracks = new Map<string, MissingTrack>();
  places.forEach(({ uri, ...place }, position) => {
    if (uri === null) return;
    const known = tracks.get(uri);
    if (known) known.positions.push(position);
    else tracks.set(uri, { ...place, uri, positions: [position], left: now.get(uri) ?? 0 });
  });
  return [...tracks.values()].filter(({ positions, left }) => left < positions.length);
}

/** What a restoring plan rests on; the maps hold what the catalog knows of the missing items. */
export interface RestoreInput extends TrackDecisions {
  missing: MissingItems;
  /** Likes of now. */
  likes: readonly SavedItem[];
  /** The person's own id at the provider. */
  personProviderId: string;
  tracks: ReadonlyMap<string, LibraryTrack>;
  albums: ReadonlyMap<string, LibraryAlbum>;
  artists: ReadonlyMap<string, { id: string; providerId: string; name: string }>;
  dialect: SpotifyDialect;
}

/**
 * What would be put back, in the order of the file: likes, albums, follows, followed playlists, then playlist by playlist. What a block still wants out
 * has its matches and is excluded until the person includes it; so is what the catalog does not know, since nobody can say whose
 * it is.
 */
export function planRestore(input: RestoreInput): PlannedItem[] {
  const { missing } = input;
  const matchesOf = trackMatcher(input);
  return [
    ...planLikes(input, matchesOf),
    ...missing.albums.map((place) => planAlbum(input, place)),
    ...missing.follows.map((place) => planFollow(input, place)),
    ...missing.followedPlaylists.map((place) => planFollowedPlaylist(input, place)),
    ...missing.playlists.flatMap(({ playlist, tracks }) =>
      tracks.map((track) => planTrack(input, matchesOf, playlist, track)),
    ),
  ];
}

function planLikes(input: RestoreInput, matchesOf: TrackMatcher): PlannedItem[] {
  const { likes } = input.missing;
  const uncertain = uncertainlyPlaced([...input.likes, ...likes], new Set(likes.map(({ uri }) => uri)));
  return likes.map((place) => {
    const item = itemOf('liked_track', place, ...known(input.tracks.get(place.uri), matchesOf));
    const undated = lossesOf('unlike_track', { dialect: 'development', addedByOther: false });
    const losses =
      place.addedAt === null ? undated : lossesOf('unlike_track', { dialect: input.dialect, addedByOther: false });
    return { ...item, losses: losses.length === 0 && uncertain.has(place.uri) ? ['position'] : losses };
  });
}

function planAlbum({ albums, blocks, exceptions, switches }: RestoreInput, place: FiledPlace): PlannedItem {
  const album = albums.get(place.uri);
  const excepted = album && exceptions.albumIds.has(album.id);
  const matches = album && !excepted ? matchAlbum(album, blocksByArtist(blocks), switches) : [];
  const about = album && { ...album, album: album.name, artists: album.artists.map(({ name }) => name) };
  return { ...itemOf('saved_album', place, about, matches), losses: ['date_added'] };
}

function planFollow({ artists, blocks }: RestoreInput, place: FiledPlace): PlannedItem {
  const artist = artists.get(place.uri);
  const matches = artist ? matchArtist(artist, blocksByArtist(blocks)) : [];
  return itemOf(
    'followed_artist',
    place,
    artist && { name: artist.name, artists: [artist.name], album: null },
    matches,
  );
}

/** Its title is all that is known of it, as the file has it. */
function planFollowedPlaylist({ blocks, dialect }: RestoreInput, place: FiledPlace): PlannedItem {
  const about = place.texts ?? { name: place.uri, artists: [], album: null };
  const matches = matchPlaylistTitle(about.name, blocksByArtist(blocks), blockedNames(blocks), new Set());
  const url = itemAddress(place.uri)?.url ?? null;
  const losses = lossesOf('unfollow_playlist', { dialect, addedByOther: false });
  return { ...itemOf('followed_playlist', place, { ...about, url }, matches), losses };
}

function planTrack(
  { tracks, personProviderId, dialect }: RestoreInput,
  matchesOf: TrackMatcher,
  playlist: LibraryPlaylist,
  { positions, left, ...place }: MissingTrack,
): PlannedItem {
  const obstacle = isLocalFile(place.uri) ? 'local_file' : left > 0 ? 'other_copies' : null;
  const item = itemOf('playlist_track', place, ...known(tracks.get(place.uri), matchesOf), obstacle);
  const addedByOther = place.addedBy !== null && place.addedBy !== personProviderId;
  return {
    ...item,
    playlistProviderId: playlist.providerId,
    playlistName: playlist.name,
    positions,
    losses: obstacle ? [] : lossesOf('remove_playlist_track', { dialect, addedByOther }),
  };
}

type About = { name: string; artists: string[]; album: string | null; url?: string | null; imageUrl?: string | null };

function known(track: LibraryTrack | undefined, matchesOf: TrackMatcher): [About | undefined, Match[]] {
  if (!track) return [undefined, []];
  const { name, albumName: album, url, imageUrl } = track;
  return [{ name, artists: track.artists.map((artist) => artist.name), album, url, imageUrl }, matchesOf(track)];
}

function itemOf(
  itemType: SpotifyItemType,
  { uri, texts }: FiledPlace,
  about: About | undefined,
  matches: Match[],
  notEnforceable: NotEnforceable | null = null,
): PlannedItem {
  // An episode has no artists, whoever knows it.
  const doubtful = matches.length > 0 || (!about && parseSpotifyUri(uri)?.kind !== 'episode');
  const needsReview = notEnforceable === null && doubtful;
  const { name, artists, album } = about ?? texts ?? { name: uri, artists: [], album: null };
  return {
    itemType,
    uri,
    playlistProviderId: null,
    playlistName: null,
    positions: null,
    name,
    artists,
    album,
    url: about?.url ?? null,
    imageUrl: about?.imageUrl ?? null,
    matches,
    action: notEnforceable ? 'none' : putBackOf(removalOf(itemType)),
    losses: [],
    included: notEnforceable === null && !needsReview,
    needsReview,
    notEnforceable,
  };
}
