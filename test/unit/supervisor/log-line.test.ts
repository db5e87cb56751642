import { noteworthy } from '../../../dev/supervisor/log-line';

describe('what the terminal shows of a program’s output', () => {
  it.each([
    ['{"level":30,"msg":"listening"}', false, null],
    ['{"level":40,"msg":"slow"}', false, 'slow'],
    ['{"level":50,"msg":"job failed","code":"rate_limited"}', false, 'job failed (rate_limited)'],
    ['{"level":50,"msg":"job failed","err":{"type":"TypeError"}}', false, 'job failed (TypeError)'],
    ['{"ready":true,"port":8090}', false, null],
    ['The API could not start: no such host', true, 'The API could not start: no such host'],
    ['    at listen (server.js:3:1)', true, null],
    ['(node:1) ExperimentalWarning: something', true, null],
    ['a line of standard output', false, null],
    ['', true, null],
    ['{broken', true, null],
  ])('%s', (line, fromStderr, shown) => {
    expect(noteworthy(line, fromStderr)).toBe(shown);
  });
});
