import type { nextStep } from '../routes/me/presenters';

export interface Step {
  title: string;
  text: string;
  /** Safe HTML; empty where there is nothing to click. */
  link: string;
  curl: string;
}

const authorised = `-H "Authorization: Bearer $TOKEN"`;
const json = `-H "Content-Type: application/json"`;

/** What to do next, in words, as a link where a browser can do it, and as a line to paste. */
export function stepFor(
  next: ReturnType<typeof nextStep>,
  { apiUrl, appleMusic }: { apiUrl: string; appleMusic: unknown },
): Step {
  const api = `${apiUrl}/api/v1`;
  const steps: Record<typeof next, Step> = {
    connect: {
      title: appleMusic ? 'connect Spotify or Apple Music' : 'connect Spotify',
      text: 'Consent happens in the browser; Spotify’s first library sync starts by itself.',
      link: `<p><a class="button" href="/api/v1/connections/spotify/start?returnTo=/">Connect Spotify</a>${
        appleMusic ? ' <a class="button" href="/connect/apple-music?returnTo=/">Connect Apple Music</a>' : ''
      }</p>`,
      curl: `curl ${authorised} ${api}/connections`,
    },
    sync: {
      title: 'let the library sync end',
      text: 'Spotify’s was started by connecting; below you see how far it is. An Apple Music library is not read yet.',
      link: '',
      curl: `curl ${authorised} ${api}/jobs`,
    },
    block: {
      title: 'block an artist',
      text: 'Find the artist, then block by the id.',
      link: '',
      curl: `curl ${authorised} "${api}/artists?query=NAME"\ncurl -X PUT ${authorised} ${json} -d '{}' ${api}/blocks/ARTIST_ID`,
    },
    plan: {
      title: 'see what would change',
      text: 'A plan changes nothing; it lists every item with its reason.',
      link: '',
      curl: `curl -X POST ${authorised} ${json} -d '{"connectionId":"CONNECTION_ID","preset":"standard"}' ${api}/enforcement/plans`,
    },
    done: {
      title: 'run a plan, or take a run back',
      text: 'Executing needs an explicit confirmation; every run can be rolled back.',
      link: '',
      curl: `curl -X POST ${authorised} ${json} -d '{"confirm":true}' ${api}/enforcement/plans/PLAN_ID/execute\ncurl -X POST ${authorised} ${json} -d '{}' ${api}/enforcement/runs/RUN_ID/rollback`,
    },
  };
  return steps[next];
}
