import { blocksByArtist } from './blocks';
import { removalOf, type Capability, type SpotifyItemType } from './capabilities';
import type { Library, LibraryAlbum, LibraryArtist, LibraryPlaylist, LibraryTrack } from './library';
import { matchAlbum, matchArtist, type Match } from './matching';
import type { NotEnforceable, PlannedItem } from './planned-item';
import { itemAddress } from './item-address';
import { uncertainlyPlaced } from './like-order';
import { isLocalFile } from './provider-uri';
import { planRemovedLikes } from './removed-likes';
import { followedPlaylistMatcher } from './followed-playlists';
import { lossesOf, type SpotifyDialect } from './reversibility';
import { type TrackDecisions, type TrackMatcher, trackMatcher } from './track-matcher';

export type { NotEnforceable, PlannedItem } from './planned-item';
export { itemCounts, leastCalls, type ItemCounts } from './plan-figures';

/** Everything a plan rests on. The maps are keyed by the provider's URI; what they don't hold can't be matched. */
export interface PlanInput extends TrackDecisions {
  library: Library;
  /** The person's own id at the provider, to tell what others added to a playlist. While null, whatever names an adder counts as theirs. */
  personProviderId: string | null;
  tracksByUri: ReadonlyMap<string, LibraryTrack>;
  albumsByUri: ReadonlyMap<string, LibraryAlbum>;
  artistsByUri: ReadonlyMap<string, LibraryArtist>;
  /** Keys of names around those that titles of followed playlists have, as far as somebody bears them. */
  knownNames: ReadonlySet<string>;
  /** Playlists, by the provider's id, that list what runs have removed: what is in them stays. */
  listingPlaylists: ReadonlySet<string>;
  capabilities: readonly Capability[];
  dialect: SpotifyDialect;
}

/**
 * What a plan would change, in a stable order: likes, albums and follows as the library lists them, then playlist by
 * playlist by first position. What is in playlists of others is left alone, but for collaborative ones where the switch is on.
 * Items that rest on matches for review alone are not included. Last comes the playlist of the likes that leave, where it is asked for.
 */
export function planItems(input: PlanInput): PlannedItem[] {
  const matchesOf = trackMatcher(input);
  const { library, switches } = input;
  const likes = switches.likedTracks ? planLikes(input, matchesOf) : [];
  return [
    ...likes,
    ...(switches.savedAlbums ? planAlbums(input, matchesOf) : []),
    ...(switches.followedArtists ? planFollows(input) : []),
    ...(switches.followedPlaylists ? planFollowedPlaylists(input, matchesOf) : []),
    ...(switches.playlistTracks ? library.playlists.flatMap((each) => planPlaylist(input, each, matchesOf)) : []),
    ...(switches.removedLikesPlaylist ? planRemovedLikes(likes) : []),
  ];
}

function planLikes(input: PlanInput, matchesOf: TrackMatcher): PlannedItem[] {
  const { likes } = input.library;
  const items = distinctUris(likes).flatMap((uri) => {
    const track = input.tracksByUri.get(uri);
    const matches = track ? matchesOf(track) : [];
    return track && matches.length > 0 ? [plannedItem(input, 'liked_track', uri, matches, describeTrack(track))] : [];
  });
  const uncertain = uncertainlyPlaced(likes, new Set(items.map(({ uri }) => uri)));
  return items.map((item) =>
    item.losses.length === 0 && item.action !== 'none' && uncertain.has(item.uri)
      ? { ...item, losses: ['position'] }
      : item,
  );
}

function planAlbums(input: PlanInput, matchesOf: TrackMatcher): PlannedItem[] {
  const index = blocksByArtist(input.blocks);
  const byTrack = input.switches.wholeAlbums ? matchesByAlbum(input, matchesOf) : new Map<string, Match[]>();
  return distinctUris(input.library.albums).flatMap((uri) => {
    const album = input.albumsByUri.get(uri);
    if (!album || input.exceptions.albumIds.has(album.id)) return [];
    const byArtist = matchAlbum(album, index, input.switches);
    const further = (byTrack.get(album.id) ?? []).filter((match) => !byArtist.some(isAbout(match.artistId)));
    const matches = [...byArtist, ...further];
    const { name, artists, url, imageUrl } = album;
    const described = { name, artists: artists.map((artist) => artist.name), album: name, url, imageUrl };
    return matches.length > 0 ? [plannedItem(input, 'saved_album', uri, matches, described)] : [];
  });
}

/** For each album, by catalogue id, the matches of the tracks known to be on it, one an artist. */
function matchesByAlbum({ tracksByUri }: PlanInput, matchesOf: TrackMatcher): Map<string, Match[]> {
  const albums = new Map<string, Match[]>();
  for (const track of tracksByUri.values()) {
    if (track.albumId === null) continue;
    for (const match of matchesOf(track)) {
      const matches: Match[] = albums.get(track.albumId) ?? [];
      albums.set(track.albumId, matches);
      const known = matches.findIndex(isAbout(match.artistId));
      const byTrack: Match = { ...match, evidence: { kind: 'album_track', detail: track.uri } };
      if (known === -1) matches.push(byTrack);
      else if (matches[known]?.needsReview && !match.needsReview) matches[known] = byTrack;
    }
  }
  return albums;
}

function isAbout(artistId: string): (match: Match) => boolean {
  return (match) => match.artistId === artistId;
}

function planFollows(input: PlanInput): PlannedItem[] {
  const index = blocksByArtist(input.blocks);
  return [...new Set(input.library.follows)].flatMap((uri) => {
    const artist = input.artistsByUri.get(uri);
    const matches = artist ? matchArtist(artist, index) : [];
    if (!artist || matches.length === 0) return [];
    const { name, url, imageUrl } = artist;
    return [plannedItem(input, 'followed_artist', uri, matches, { name, artists: [name], album: null, url, imageUrl })];
  });
}

/** One whose tracks are taken out is not left as well: that could not be done any more once it is. */
function planFollowedPlaylists(input: PlanInput, matchesOf: TrackMatcher): PlannedItem[] {
  const { library, switches, knownNames, tracksByUri } = input;
  const matcher = followedPlaylistMatcher(input, knownNames, tracksByUri, matchesOf);
  return library.followedPlaylists.flatMap((playlist) => {
    if (playlist.collaborative && switches.playlistTracks && switches.collaborativePlaylists) return [];
    const matches = matcher(playlist);
    if (matches.length === 0) return [];
    const { uri, name } = playlist;
    const described = { name, artists: [], album: null, url: itemAddress(uri)?.url ?? null, imageUrl: null };
    return [plannedItem(input, 'followed_playlist', uri, matches, described)];
  });
}

function planPlaylist(input: PlanInput, playlist: LibraryPlaylist, matchesOf: TrackMatcher): PlannedItem[] {
  const isChosen = playlist.ownedByPerson || (playlist.collaborative && input.switches.collaborativePlaylists);
  if (!isChosen || !playlist.editable || input.listingPlaylists.has(playlist.providerId)) return [];
  const positionsByUri = new Map<string, number[]>();
  playlist.items.forEach(({ uri }, position) => {
    if (uri === null) return;
    const positions = positionsByUri.get(uri);
    if (positions) positions.push(position);
    else positionsByUri.set(uri, [position]);
  });
  return [...positionsByUri].flatMap(([uri, positions]) => {
    const track = input.tracksByUri.get(uri);
    const matches = track ? matchesOf(track) : [];
    if (!track || matches.length === 0) return [];
    const adders = positions.map((position) => playlist.items[position]?.addedBy ?? null);
    const addedByOther = adders.some((adder) => adder !== null && adder !== input.personProviderId);
    const item = plannedItem(input, 'playlist_track', uri, matches, describeTrack(track), addedByOther);
    return [{ ...item, playlistProviderId: playlist.providerId, playlistName: playlist.name, positions }];
  });
}

type Description = Pick<PlannedItem, 'name' | 'artists' | 'album' | 'url' | 'imageUrl'>;

function describeTrack({ name, artists, albumName, url, imageUrl }: LibraryTrack): Description {
  return { name, artists: artists.map((artist) => artist.name), album: albumName, url, imageUrl };
}

function plannedItem(
  { capabilities, dialect }: PlanInput,
  itemType: SpotifyItemType,
  uri: string,
  matches: Match[],
  description: Description,
  addedByOther = false,
): PlannedItem {
  const notEnforceable = obstacleTo(itemType, uri, capabilities);
  const needsReview = notEnforceable === null && matches.every((match) => match.needsReview);
  const action = removalOf(itemType);
  return {
    itemType,
    uri,
    playlistProviderId: null,
    playlistName: null,
    positions: null,
    ...description,
    matches,
    action: notEnforceable ? 'none' : action,
    losses: notEnforceable ? [] : lossesOf(action, { dialect, addedByOther }),
    included: notEnforceable === null && !needsReview,
    needsReview,
    notEnforceable,
  };
}

function obstacleTo(type: SpotifyItemType, uri: string, capabilities: readonly Capability[]): NotEnforceable | null {
  if (isLocalFile(uri)) return 'local_file';
  return capabilities.some(({ itemType, canRemove }) => itemType === type && canRemove) ? null : 'unsupported';
}

function distinctUris(items: readonly { uri: string }[]): string[] {
  return [...new Set(items.map((item) => item.uri))];
}
