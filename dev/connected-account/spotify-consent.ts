import { createHash, randomBytes } from 'node:crypto';

/** Walks Spotify’s consent as a person would and exchanges the code; for whatever begins with a connected account. */
export async function spotifyTokens(
  sandboxUrl: string,
  user: string,
  scopes: readonly string[],
): Promise<{ accessToken: string; refreshToken: string }> {
  const verifier = randomBytes(32).toString('base64url');
  const redirectUri = 'http://127.0.0.1:9/callback';
  const query = new URLSearchParams({
    client_id: 'sandbox-spotify',
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state: 'state',
    code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  });
  const page = await fetch(`${sandboxUrl}/spotify/authorize?${query}`);
  const html = await page.text();
  const action = /<form[^>]*action="([^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? page.url;
  const fields = Object.fromEntries(
    [...html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => [
      /name="([^"]*)"/.exec(tag)?.[1] ?? '',
      (/value="([^"]*)"/.exec(tag)?.[1] ?? '')
        .replaceAll('&amp;', '&')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'"),
    ]),
  );
  const answer = await fetch(new URL(action, page.url), {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ ...fields, user, decision: 'approve' }),
  });
  const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const tokens = await fetch(`${sandboxUrl}/spotify/api/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('sandbox-spotify:sandbox-spotify-secret').toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    }),
  });
  const body = (await tokens.json()) as { access_token: string; refresh_token: string };
  return { accessToken: body.access_token, refreshToken: body.refresh_token };
}
