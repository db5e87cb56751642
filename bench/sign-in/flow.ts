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
  let here = new URL(`${apiUrl}/api/v1/auth/${provider}/start`);
  let response = await browser.open(here);
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const from = here;
    const location = response.headers.get('location');
    let ask: () => Promise<Response>;
    if (location) {
      here = new URL(location, from);
      if (here.origin === apiUrl && !here.pathname.startsWith('/api/')) {
        return { ...walk, outcome: here.searchParams.get('error') ?? here.searchParams.get('result') ?? 'lost' };
      }
      // Once at the start, and again where the API begins anew.
      if (from.origin === apiUrl && here.origin !== apiUrl) walk.restarts += 1;
      ask = () => browser.open(here);
    } else {
      if (from.origin === apiUrl) return { ...walk, outcome: `status_${response.status}` };
      const form = await formOf(response, from);
      // A page that posts itself back to us has neither of the two fields.
      if (form.action.origin !== apiUrl) Object.assign(form.fields, { user, decision: 'approve' });
      here = form.action;
      ask = () => browser.send(form, from);
    }
    const startedAt = performance.now();
    response = await ask();
    const took = performance.now() - startedAt;
    if (here.pathname.endsWith('/callback')) {
      // A callback that was posted goes on to itself by GET; the person waits for both.
      if (from.pathname === here.pathname) walk.callbackMs.push((walk.callbackMs.pop() ?? 0) + took);
      else walk.callbackMs.push(took);
    }
  }
  return walk;
}
