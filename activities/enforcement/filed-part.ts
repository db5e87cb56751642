import type { FiledEntry } from '../../adapters/postgres/filed-libraries';
import type { ActionBefore, OpenAction } from '../../adapters/postgres/journal';
import { loadPartEntries } from '../../adapters/postgres/library-generations';
import type { LiveItem } from '../../domain/playlist-sequence';
import type { RunContext } from './run-context';
import { type SavedItemType, storedEntries } from './saved-kinds';

/** Actions that put back what a file has, oldest first, each with the date that it has there. */
export async function inOrderOfFile(
  context: RunContext,
  itemType: SavedItemType,
  actions: readonly OpenAction[],
): Promise<OpenAction[]> {
  const { fileGenerationId } = context.run;
  const entries = (fileGenerationId && (await storedEntries(context, fileGenerationId, itemType))) || [];
  const places = new Map(entries.map(([uri], place) => [uri, place]));
  const placeOf = ({ uri }: OpenAction) => places.get(uri) ?? entries.length;
  return [...actions]
    .sort((one, other) => placeOf(other) - placeOf(one))
    .map((action) => {
      const addedAt = entries[placeOf(action)]?.[1] ?? null;
      return { ...action, before: action.before ?? { present: false, addedAt } };
    });
}

/** What a playlist was found to have of a track that the file puts there: nothing, and where it belongs. */
export function placesIn(filed: readonly LiveItem[], { uri }: OpenAction): ActionBefore {
  return { present: false, positions: filed.flatMap((item, place) => (item.uri === uri ? [place] : [])) };
}

/** A playlist as the file has it. */
export async function filedPlaylist({ em, run }: RunContext, playlistId: string): Promise<LiveItem[]> {
  if (run.fileGenerationId === null) return [];
  const part = await loadPartEntries<FiledEntry>(em, run.fileGenerationId, 'playlist', playlistId);
  return (part?.entries ?? []).map(([uri, addedAt, addedBy]) => ({ uri, addedAt, addedBy }));
}
