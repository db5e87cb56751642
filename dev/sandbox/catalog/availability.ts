import { appleCatalogOf } from '../apple-music/catalog';
import type { Catalog, CatalogTrack } from './catalog';

/** Takes tracks out of what the services offer, and puts them back. Libraries keep what they hold. */
export class Availability {
  readonly #withdrawn = new Map<string, { track: CatalogTrack; appleId: string }>();

  constructor(private readonly catalog: Catalog) {}

  /** @returns false where there is no such track */
  set(trackId: string, available: boolean): boolean {
    const { appleIds, songs } = appleCatalogOf(this.catalog);
    const withdrawn = this.#withdrawn.get(trackId);
    const track = this.catalog.tracks.get(trackId) ?? withdrawn?.track;
    if (!track) return false;
    const appleId = appleIds.get(trackId) ?? '';
    if (available) {
      this.#withdrawn.delete(trackId);
      this.catalog.tracks.set(trackId, track);
      songs.set(appleId, track);
    } else {
      this.#withdrawn.set(trackId, { track, appleId });
      this.catalog.tracks.delete(trackId);
      songs.delete(appleId);
    }
    return true;
  }
}
