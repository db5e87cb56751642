/** What MusicKit would give a page: a person's Music User Token at the sandbox, and the storefront that it opens. */
export async function musicConsent(
  sandboxUrl: string,
  user: string,
  developerToken: string,
): Promise<{ musicUserToken: string; storefront: string }> {
  const form = { developer_token: developerToken, user, decision: 'approve' };
  const agreed = await fetch(`${sandboxUrl}/apple-music/authorize`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams(form),
  });
  const { musicUserToken } = (await agreed.json()) as { musicUserToken?: string };
  if (!musicUserToken) throw new Error(`no music token: ${agreed.status}`);
  const answer = await fetch(`${sandboxUrl}/apple-music/v1/me/storefront`, {
    headers: { authorization: `Bearer ${developerToken}`, 'music-user-token': musicUserToken },
  });
  const { data } = (await answer.json()) as { data: { id: string }[] };
  return { musicUserToken, storefront: data[0]?.id ?? '' };
}
