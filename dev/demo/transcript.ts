/** One HTTP call as `--curl` shows it. */
export interface ShownCall {
  method: string;
  url: string;
  /** Sent as the signed-in person. */
  asPerson: boolean;
  body?: { type: string; text: string } | undefined;
  /** Whether the answer is a stream of events. */
  streams: boolean;
  status: number;
  /** The start of the answer. */
  answer: string;
}

const secretParameters =
  /((?:^|[?&])(?:code|state|nonce|code_challenge|access_token|refresh_token|developer_token)=)[^&\s"']+/g;
const secretFields = /("(?:[a-z_]*token|secret|code_verifier)"\s*:\s*")[^"]*"/gi;
const longestAnswer = 220;

/** What must not stand in a terminal's scrollback is replaced by `***`. */
export function masked(text: string): string {
  return text.replace(secretParameters, '$1***').replace(secretFields, '$1***"');
}

/** A line that can be pasted, with the token as a variable, and below it the shortened answer. */
export function curlLines({ method, url, asPerson, body, streams, status, answer }: ShownCall): string[] {
  const parts = [
    'curl',
    ...(streams ? ['-N'] : []),
    ...(method === 'GET' ? [] : ['-X', method]),
    ...(asPerson ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...(body === undefined ? [] : [`-H "Content-Type: ${body.type}"`, '-d', quoted(masked(body.text))]),
    quoted(masked(url)),
  ];
  const short = masked(answer.replace(/\s+/g, ' ').trim());
  return [
    `    $ ${parts.join(' ')}`,
    `      ${status} ${short.length > longestAnswer ? `${short.slice(0, longestAnswer)} …` : short}`.trimEnd(),
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
