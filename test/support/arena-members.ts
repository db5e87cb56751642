import { backupOf, planFromBackup } from './backup';
import { ratingDifferences, runDifferences } from './run-differences';
import { planDislikes, smallAppleLibrary } from './small-apple-library';
import { type SmallLibrary, smallLibrary } from './small-library';
import { smallPlan } from './small-plan';
import type { Person, System } from './system';

/**
 * What the runs do: `removal` takes an artist out by a block, at Spotify; `backup` puts the same back from a backup, after somebody
 * has lost it by hand; `ratings` dislikes songs and albums at Apple Music.
 */
export type ArenaStory = 'removal' | 'backup' | 'ratings';

/** Somebody with a small library, who can have it planned, and judged after a run and after its rollback. */
export interface Member {
  person: Person;
  plan(): Promise<string>;
  differences(run: { runId: string; jobId: string }, when: 'after the run' | 'after the rollback'): Promise<string[]>;
}

export const joinAs: Readonly<Record<ArenaStory, (system: System, user: string) => Promise<Member>>> = {
  removal: (system, user) =>
    joinSpotify(system, user, {
      async plan(person, small) {
        await person.sync();
        await person.block(small.blockedArtistId);
        return (await smallPlan(system, person, { removedLikesPlaylist: true })).id;
      },
      outAfter: 'after the run',
      lists: true,
    }),
  backup: (system, user) =>
    joinSpotify(system, user, {
      async plan(person, small) {
        await system.admin.setLibrary(user, small.library);
        await person.sync();
        const backup = await backupOf(system, person);
        await system.admin.setLibrary(user, small.without);
        return (await planFromBackup(system, person, backup)).id;
      },
      outAfter: 'after the rollback',
      lists: false,
    }),
  async ratings(system, user) {
    const small = smallAppleLibrary(await system.admin.tracks(5000));
    const person = await system.connectAppleMusic(user);
    let wanted: Awaited<ReturnType<typeof planDislikes>>;
    return {
      person,
      async plan() {
        wanted = await planDislikes(system, user, person, small);
        return wanted.plan.id;
      },
      differences: (run, when) =>
        ratingDifferences(
          system,
          { user, person, ...run },
          when === 'after the rollback' ? wanted.before : wanted.after,
        ),
    };
  },
};

interface SpotifyStory {
  plan(person: Person, small: SmallLibrary): Promise<string>;
  /** When what the artist has part in is out. */
  outAfter: 'after the run' | 'after the rollback';
  /** Whether the likes that are out are listed in a playlist. */
  lists: boolean;
}

async function joinSpotify(system: System, user: string, story: SpotifyStory): Promise<Member> {
  const small = smallLibrary(user, await system.admin.tracks(5000));
  await system.admin.setLibrary(user, small.library);
  const person = await system.connect(user);
  return {
    person,
    plan: () => story.plan(person, small),
    differences(run, when) {
      const out = when === story.outAfter;
      return runDifferences(
        system,
        { user, person, ...run },
        {
          library: out ? small.without : small.library,
          lists: out && story.lists ? [removedLikes(small)] : [],
          receipt: { untouched: 10, unexplained: 0, removed: out ? 12 : 0, restored: out ? 0 : 12 },
        },
      );
    },
  };
}

/** In their order. */
function removedLikes({ library, without }: SmallLibrary): string[] {
  const kept = new Set(without.likes.map(({ trackId }) => trackId));
  return library.likes.flatMap(({ trackId }) => (kept.has(trackId) ? [] : [`spotify:track:${trackId}`]));
}
