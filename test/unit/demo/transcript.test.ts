import { curlLines, masked, type ShownCall } from '../../../dev/demo/transcript';

const call = (changes: Partial<ShownCall>): ShownCall => ({
  method: 'GET',
  url: 'http://127.0.0.1:8080/api/v1/blocks',
  asPerson: true,
  streams: false,
  status: 200,
  answer: '{}',
  ...changes,
});

test('a call is a line to paste, with the token left to the shell', () => {
  const body = { type: 'application/json', text: `{"note":"it's me"}` };
  expect(curlLines(call({ method: 'PUT', body, answer: '{"a":\n  1}' }))).toEqual([
    `    $ curl -X PUT -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" -d '{"note":"it'\\''s me"}' 'http://127.0.0.1:8080/api/v1/blocks'`,
    '      200 {"a": 1}',
  ]);
});

test('no secret of a sign-in reaches the terminal', () => {
  expect(masked('http://x/callback?code=abc&state=def#frag')).toBe('http://x/callback?code=***&state=***');
  expect(masked('grant_type=authorization_code&code=abc&scope=x')).toBe(
    'grant_type=authorization_code&code=***&scope=x',
  );
  expect(masked('developer_token=abc&user=x')).toBe('developer_token=***&user=x');
  expect(masked('{"token":"abc","access_token":"d","name":"n"}')).toBe(
    '{"token":"***","access_token":"***","name":"n"}',
  );
});

test('a long answer is cut only after its secrets are masked', () => {
  const answer = `{"token":"${'s'.repeat(400)}","rest":"${'r'.repeat(400)}"}`;
  const [, shown = ''] = curlLines(call({ answer }));
  expect(shown).toContain('"token":"***"');
  expect(shown).not.toContain('sss');
  expect(shown.length).toBeLessThan(250);
});
