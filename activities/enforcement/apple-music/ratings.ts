import type { OpenAction } from '../../../adapters/postgres/journal';
import type { RatedType } from '../../../adapters/providers/apple-music/types';
import type { Rating } from '../../../domain/apple-music-rating';
import { parseAppleMusicUri } from '../../../domain/apple-music-uri';
import { inBatches, RATINGS_LOOK } from '../../../domain/batches';
import { ProviderError } from '../../../domain/errors';
import type { AppleMusicSession } from '../../apple-music-session';
import type { RunContext } from '../run-context';

export type AppleMusicRunContext = RunContext<AppleMusicSession>;

/** Where a thing is rated: by its catalog id, or an upload by the library's; both of one thing have one rating. */
export function ratedAt(uri: string): { type: RatedType; id: string } {
  const parsed = parseAppleMusicUri(uri);
  if (!parsed || (parsed.kind !== 'song' && parsed.kind !== 'album'))
    throw new ProviderError('invalid', { code: 'not_rated' });
  const { kind, id, inLibrary } = parsed;
  return { type: inLibrary ? `library-${kind}s` : `${kind}s`, id };
}

/** How these things are rated now, by URI; one call for up to a hundred of a kind. */
export async function ratingsOf(context: AppleMusicRunContext, uris: readonly string[]): Promise<Map<string, Rating>> {
  const byType = new Map<RatedType, Map<string, string>>();
  for (const uri of uris) {
    const { type, id } = ratedAt(uri);
    byType.set(type, (byType.get(type) ?? new Map<string, string>()).set(id, uri));
  }
  const ratings = new Map<string, Rating>(uris.map((uri) => [uri, null]));
  for (const [type, things] of byType) {
    for (const ids of inBatches([...things.keys()], RATINGS_LOOK)) {
      const found = await context.session.call((client, auth) => client.ratings(auth, type, ids));
      for (const [id, rating] of found) {
        const uri = things.get(id);
        if (uri !== undefined) ratings.set(uri, rating);
      }
    }
  }
  return ratings;
}

/** What an action's first attempt found, or the undone action of a rollback's. */
export const ratingBefore = ({ before }: OpenAction): Rating => before?.rating ?? null;
