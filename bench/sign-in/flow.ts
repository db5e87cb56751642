import { Browser, formOf } from './browser';

/** How one sign-in went, as its browser saw it. */
export interface Walk {
  /** `ok`, or the code it landed with. */
  outcome: string;
  /** Times that it was sent to the provider again by itself. */
  restarts: number;
  /** How long each callback took to answer, in milliseconds. */
  callbackMs: number[];
}

/** More turns than any flow has: two consents, each with a redirect, a form and perhaps a page that posts itself. */
const mostTurns = 12;

/** Signs in as a browser would, from the start to where it lands; agrees at every consent page. */
export async function walkSignIn(apiUrl: string, provider: string, user: string): Promise<Walk> {
  const browser = new Browser();
  const walk: Walk = { outcome: 'lost', restarts: -1, callbackMs: [] };
  const timed = async (here: URL, request: () => Promise<Response>) => {
    const startedAt = performance.now();
    const response = await request();
    if (here.pathname.endsWith('/callback')) walk.callbackMs.push(performance.now() - startedAt);
    return response;
  };
  let here = new URL(`${apiUrl}/api/v1/auth/${provider}/start`);
  let response = await browser.open(here);
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const location = response.headers.get('location');
    if (location) {
      const next = new URL(location, here);
      const landed = next.origin === apiUrl && !next.pathname.startsWith('/api/');
      if (landed)
        return { ...walk, outcome: next.searchParams.get('error') ?? next.searchParams.get('result') ?? 'lost' };
      // Only the API sends a browser to the provider: once at the start, again where it begins anew.
      if (here.origin === apiUrl) walk.restarts += 1;
      here = next;
      response = await timed(here, () => browser.open(here));
      continue;
    }
    if (here.origin === apiUrl) return { ...walk, outcome: `status_${response.status}` };
    const form = await formOf(response, here);
    // Apple's page that posts itself has neither of the two fields.
    if (form.action.origin !== apiUrl) Object.assign(form.fields, { user, decision: 'approve' });
    const from = here;
    here = form.action;
    response = await timed(here, () => browser.send(form, from));
  }
  return walk;
}
