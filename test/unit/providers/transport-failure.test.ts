import { classifyTransportFailure } from '../../../adapters/providers/transport-failure';

const coded = (code: string, more: object = {}) => Object.assign(new Error('with an address in it'), { code, ...more });

describe('a request without an answer', () => {
  it.each([
    ['a refused connection', coded('ECONNREFUSED')],
    ['an unknown host', coded('ENOTFOUND', { syscall: 'getaddrinfo' })],
    ['a connect that timed out', coded('UND_ERR_CONNECT_TIMEOUT')],
    ['a reset while connecting', coded('ECONNRESET', { syscall: 'connect' })],
    ['fetch, which wraps its error', new TypeError('fetch failed', { cause: coded('ECONNREFUSED') })],
    [
      'two addresses, both refused',
      new TypeError('fetch failed', { cause: new AggregateError([coded('ECONNREFUSED')]) }),
    ],
  ])('was not sent: %s', (_story, error) => {
    expect(classifyTransportFailure(error)).toBe('not_sent');
  });

  it.each([
    ['a reset while reading', coded('ECONNRESET', { syscall: 'read' })],
    ['a socket that closed', coded('UND_ERR_SOCKET')],
    ['a timeout', new DOMException('late', 'TimeoutError')],
    ['something unheard of', 'text'],
  ])('may have been processed: %s', (_story, error) => {
    expect(classifyTransportFailure(error)).toBe('ambiguous');
  });

  it.each([['CERT_HAS_EXPIRED'], ['ERR_SSL_WRONG_VERSION_NUMBER'], ['SELF_SIGNED_CERT_IN_CHAIN'], ['ERR_INVALID_URL']])(
    'is for the operator: %s',
    (code) => {
      expect(classifyTransportFailure(new TypeError('fetch failed', { cause: coded(code) }))).toBe('misconfigured');
    },
  );
});
