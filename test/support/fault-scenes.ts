import { atAppleMusic, atSpotify, type JournalLine, untruths } from './journal-truth';
import type { System } from './system';

/** At which provider, and at Spotify with which of its two sets of calls. */
export type Place = 'Spotify, development' | 'Spotify, extended' | 'Apple Music';

const development: Place = 'Spotify, development';
const extended: Place = 'Spotify, extended';
const appleMusic: Place = 'Apple Music';

/**
 * What a run and its rollback must come through with a journal that says how things stand at the provider: each fault, by the
 * suite that plays it, and where. A suite that lacks a scene fails.
 */
export const faultList = {
  'faults.test.ts': {
    'a rate limit': [development],
    'a rate limit of hours': [development],
    'a lost answer': [development],
    'a late write': [development],
    'reads that lag': [development],
    'a token that ends': [development],
    'a consent that is revoked': [development],
    'a call that is not supported': [development],
    'a missing scope': [development],
    'a track that stays (relinked)': [development],
    'a track gone from the catalog': [development],
  },
  'faults-meanwhile.test.ts': {
    'an edit before the run': [development],
    'an edit before the rollback': [development],
    'an edit between look and removal': [development],
    'a playlist renamed': [development],
    'a playlist deleted': [development],
  },
  'spotify-dialects.test.ts': {
    'a lost answer': [extended],
    'a late write': [extended],
    'reads that lag': [extended],
    'a missing scope': [extended],
  },
  'faults-apple-music.test.ts': {
    'a rate limit of hours': [appleMusic],
    'a lost answer': [appleMusic],
    'a late write': [appleMusic],
    'reads that lag': [appleMusic],
    'a consent that is revoked': [appleMusic],
    'a missing subscription': [appleMusic],
    'an edit before the run': [appleMusic],
    'a song gone from the catalog': [appleMusic],
  },
  'faults-of-machines.test.ts': {
    'PostgreSQL restarted': [development, appleMusic],
    'Temporal restarted': [development, appleMusic],
    'a clock an hour off': [development, appleMusic],
  },
  'crash.test.ts': { 'a killed worker': [development, extended, appleMusic] },
  'erase-account.test.ts': { 'an account deleted': [development] },
} satisfies Record<string, Record<string, readonly Place[]>>;

type Suite = keyof typeof faultList;
type FaultOf<Name extends Suite> = keyof (typeof faultList)[Name] & string;

/** Whose journal is compared with which account. */
export interface Played {
  user: string;
  runIds: readonly string[];
}

const long = Boolean(process.env.LONG);

/**
 * The scenes of one suite. Each ends with the runs that it made: what their actions say is compared with the sandbox's own
 * account, and LONG prints a line of a table for each, to be read with `grep '^|'`.
 */
export function faultScenes<Name extends Suite>(suite: Name, system: () => System = noSystem) {
  const played = new Set<string>();
  const rows: string[] = [];
  const keyOf = (fault: string, at: Place) => `${fault} @ ${at}`;

  function record(fault: FaultOf<Name>, at: Place, seen: string, held: boolean): void {
    rows.push(`| ${fault} | ${at} | ${seen} | ${held ? 'held' : 'NOT HELD'} |\n`);
  }

  afterAll(() => {
    if (long) process.stderr.write(rows.join(''));
  });

  return {
    record,
    /** What these runs' actions say that is not so now. */
    untruths: async (at: Place, { user, runIds }: Played) =>
      compared(system(), at, user, await journal(system(), runIds)),
    /** For a scene that is a test of another form. */
    plays: (fault: FaultOf<Name>, at: Place) => void played.add(keyOf(fault, at)),
    scene(
      fault: FaultOf<Name>,
      at: Place,
      title: string,
      play: () => Promise<Played>,
      options: { onlyLong?: boolean } = {},
    ): void {
      played.add(keyOf(fault, at));
      const run = options.onlyLong && !long ? test.skip : test;
      run(
        `${fault} (${at}): ${title}${options.onlyLong ? ' (LONG)' : ''}`,
        async () => {
          let seen = 'nothing';
          let held = false;
          try {
            const { user, runIds } = await play();
            const lines = await journal(system(), runIds);
            seen = summary(lines);
            expect(await compared(system(), at, user, lines)).toEqual([]);
            held = true;
          } finally {
            record(fault, at, `${title}: ${seen}`, held);
          }
        },
        300_000,
      );
    },
    /** To be called last: nothing on the list may be without a scene. */
    complete(): void {
      test('every fault that this suite is to play has its scene', () => {
        const wanted = Object.entries(faultList[suite] as Record<string, readonly Place[]>);
        expect([...played].sort()).toEqual(
          wanted.flatMap(([fault, places]) => places.map((at) => keyOf(fault, at))).sort(),
        );
      });
    },
  };
}

async function journal(system: System, runIds: readonly string[]): Promise<(JournalLine & { run_id: string })[]> {
  return system.orm.em.fork().execute(
    `select a.run_id, r.run_type, r.status as run_status, a.item_type, a.uri, a.playlist_id, a.status, a.outcome_code,
       (coalesce(a.before, u.before)->>'rating')::int as rating
     from actions a join runs r on r.id = a.run_id left join actions u on u.id = a.undoes_id
     where r.id in (select (jsonb_array_elements_text(?::jsonb))::uuid) order by r.id, a.seq`,
    [JSON.stringify(runIds)],
  );
}

async function compared(system: System, at: Place, user: string, lines: readonly JournalLine[]): Promise<string[]> {
  if (at === 'Apple Music') return untruths(lines, atAppleMusic(await system.admin.appleLibrary(user)));
  return untruths(lines, atSpotify(await system.admin.library(user)));
}

/** How each run ended, and how many of its actions how. */
function summary(lines: readonly (JournalLine & { run_id: string })[]): string {
  const runs = new Map<string, Map<string, number>>();
  for (const line of lines) {
    const end = [line.status, line.outcome_code].filter(Boolean).join(' ');
    const name = `${line.run_id} ${line.run_type} ${line.run_status}`;
    const ends = runs.get(name) ?? new Map<string, number>();
    runs.set(name, ends.set(end, (ends.get(end) ?? 0) + 1));
  }
  return [...runs]
    .map(([name, ends]) => `${name.replace(/^\S+ /, '')}: ${[...ends].map(([end, n]) => `${n} ${end}`).join(', ')}`)
    .join('; ');
}

function noSystem(): System {
  throw new Error('This suite has no system of its own to look at.');
}
