import fc from 'fast-check';
import { DomainError } from '../../../domain/errors';
import { allowedReturnTo, landingAddress } from '../../../api/sign-in/return-to';

const apiUrl = 'http://127.0.0.1:8080';
const webOrigins = [apiUrl, 'https://app.example.org'];
const allowed = (given: string) => allowedReturnTo(given, { apiUrl, webOrigins });

describe('where a flow may return to', () => {
  it('own pages are taken, without detours', () => {
    expect(allowed('/')).toBe(`${apiUrl}/`);
    expect(allowed('/a/../b?x=1#y')).toBe(`${apiUrl}/b?x=1#y`);
    expect(allowed(`${apiUrl}/done`)).toBe(`${apiUrl}/done`);
  });

  it('a path that turns into another host when it is read twice stays ours', () => {
    const landed = landingAddress(allowed('/x/..//evil.example/'), apiUrl, { result: 'ok' });
    expect(new URL(landed).origin).toBe(apiUrl);
  });

  it('broken escapes are no way around anything', () => {
    expect(allowed('/%E0%A4%A')).toBe(`${apiUrl}/%E0%A4%A`);
  });

  it('a configured frontend is taken whole', () => {
    expect(allowed('https://app.example.org/done?x=1')).toBe('https://app.example.org/done?x=1');
    expect(allowed('HTTPS://APP.example.org')).toBe('https://app.example.org/');
  });

  it('the API’s own routes are no place to return to', () => {
    for (const path of ['/api', '/api/v1/me', '/API/v1/me', '/%61pi/v1/me', '/x/../api', '/x/..//api/v1/me'])
      expect(() => allowed(path)).toThrow(DomainError);
  });

  it('whatever is given, a browser ends at an allowed origin or nowhere', () => {
    const parts = fc.constantFrom(
      '/',
      '//',
      '\\',
      '@',
      ':',
      '?',
      '#',
      '.',
      '..',
      '%2f',
      '%5c',
      '\t',
      '\n',
      ' ',
      'evil.example',
      '127.0.0.1:8080',
      'https:',
      'http:',
      'javascript:',
      'app.example.org',
      'api',
      'a',
    );
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 6 }), (pieces) => {
        let result: string;
        try {
          result = allowed(pieces.join(''));
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid_return_to' });
          return;
        }
        expect(webOrigins).toContain(new URL(landingAddress(result, apiUrl, { result: 'ok' })).origin);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('the address that a flow lands at', () => {
  it('carries how it ended, in place of anything that was there under those names', () => {
    const url = landingAddress('/x?error=old&jobId=old&keep=1', apiUrl, {
      result: 'ok',
      connectionId: 'c',
      jobId: null,
    });
    expect(url).toBe(`${apiUrl}/x?keep=1&result=ok&connectionId=c`);
  });
});
