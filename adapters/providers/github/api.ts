/** What every call to GitHub's API says (docs.github.com, "Getting started with the REST API"); without an agent it refuses. */
export const apiHeaders = {
  accept: 'application/vnd.github+json',
  'user-agent': 'do-not-play',
  'x-github-api-version': '2022-11-28',
} as const;
