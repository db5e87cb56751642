import { evidencePage, parseEvidenceAddress } from '../../../domain/evidence-address';
import { type GivenEvidence, occurrenceFaults, parseEvidence } from '../../../domain/offense-input';

const now = new Date('2026-11-01T12:00:00Z');
const given: GivenEvidence = {
  url: 'https://news.example.test/a',
  title: 'A report',
  source: 'The Example',
  excerpt: 'It was reported.',
  publishedOn: '2026-10-01',
  archivedUrl: null,
  retrievedAt: null,
  hash: null,
};
const parse = (...changes: Partial<GivenEvidence>[]) =>
  parseEvidence(
    changes.map((change) => ({ ...given, ...change })),
    { path: (n) => `body.evidence[${n}]`, now },
  );

describe('the address of a source', () => {
  it.each([
    ['https://News.Example.test:443/a/../b', 'https://news.example.test/b'],
    ['https://news.example.test', 'https://news.example.test/'],
    ['https://news.example.test/a?id=7&utm_source=x&fbclid=y#part', 'https://news.example.test/a?id=7#part'],
    ['https://news.example.test./a', 'https://news.example.test/a'],
    ['https://nachrichten.bücher.test/ü', 'https://nachrichten.xn--bcher-kva.test/%C3%BC'],
  ])('%s becomes %s', (text, url) => expect(parseEvidenceAddress(text)).toEqual({ url }));

  it.each([
    ['nonsense', 'not_an_address'],
    ['', 'not_an_address'],
    ['http://news.example.test/a', 'https_required'],
    ['javascript:alert(1)', 'https_required'],
    ['file:///etc/passwd', 'https_required'],
    ['https://me:secret@news.example.test/', 'credentials_in_address'],
    ['https://127.0.0.1/', 'not_public'],
    ['https://0x7f.1/', 'not_public'],
    ['https://[::1]/', 'not_public'],
    ['https://169.254.169.254/latest', 'not_public'],
    ['https://localhost/', 'not_public'],
    ['https://printer.local/', 'not_public'],
    ['https://intranet/', 'not_public'],
  ])('%s is refused: %s', (text, fault) => expect(parseEvidenceAddress(text)).toEqual({ fault }));

  it('is of the same page whatever it is dressed in', () => {
    const pages = [
      'https://news.example.test/a?x=1&y=2',
      'https://www.news.example.test/a/?y=2&x=1&utm_campaign=z#top',
      'https://m.news.example.test/a?x=1&y=2',
      'https://web.archive.org/web/20240101120000/https://news.example.test/a?x=1&y=2',
      'https://archive.today/20240101/http://news.example.test/a?x=1&y=2',
    ].map(evidencePage);
    expect(new Set(pages).size).toBe(1);
    expect(evidencePage('https://news.example.test/b')).not.toBe(evidencePage('https://news.example.test/B'));
  });
});

describe('a source', () => {
  it('was read now, unless somebody says when; a clock a little ahead is forgiven', () => {
    const ahead = new Date(now.getTime() + 60_000);
    const before = new Date('2026-10-05T00:00:00Z');
    const parsed = parse(
      {},
      { url: 'https://b.test/', retrievedAt: ahead },
      { url: 'https://c.test/', retrievedAt: before },
    );
    expect('evidence' in parsed && parsed.evidence.map(({ retrievedAt }) => retrievedAt)).toEqual([now, now, before]);
  });

  it('has its digest in small letters', () => {
    const parsed = parse({ hash: 'A'.repeat(64) });
    expect(parsed).toMatchObject({ evidence: [{ hash: 'a'.repeat(64) }] });
  });

  it.each<[Partial<GivenEvidence>, string, string]>([
    [{ url: 'http://a.test/' }, 'url', 'https_required'],
    [{ archivedUrl: 'ftp://a.test/' }, 'archivedUrl', 'https_required'],
    [{ publishedOn: '2026-11-03' }, 'publishedOn', 'out_of_range'],
    [{ publishedOn: '1066-10-14' }, 'publishedOn', 'out_of_range'],
    [{ retrievedAt: new Date('2026-11-01T13:00:00Z') }, 'retrievedAt', 'out_of_range'],
    [{ retrievedAt: new Date('2026-09-01T00:00:00Z') }, 'retrievedAt', 'out_of_range'],
  ])('with %p is refused for its %s', (change, field, code) => {
    expect(parse(change)).toMatchObject({ faults: [{ path: `body.evidence[0].${field}`, code }] });
  });

  it('is given once, and all faults are told at once', () => {
    expect(parse({}, { url: 'https://www.news.example.test/a/' })).toMatchObject({
      faults: [{ path: 'body.evidence[1].url', code: 'repeated' }],
    });
    expect(parse({ url: 'x' }, { url: 'y' })).toMatchObject({ faults: [{}, {}] });
  });
});

describe('when something happened', () => {
  const fields = (occurredFrom: string | null, occurredUntil: string | null) =>
    occurrenceFaults({ occurredFrom, occurredUntil }, { root: 'body', now }).map(({ path }) => path);
  it.each<[string | null, string | null, string[]]>([
    [null, null, []],
    ['2019-01-01', null, []],
    ['2019-01-01', '2019-01-01', []],
    ['2026-11-02', null, []],
    ['2026-11-03', null, ['body.occurredFrom']],
    ['1899-12-31', null, ['body.occurredFrom']],
    [null, '2019-01-01', ['body.occurredUntil']],
    ['2019-01-02', '2019-01-01', ['body.occurredUntil']],
    ['2019-01-01', '2027-01-01', ['body.occurredUntil']],
  ])('from %s until %s', (from, until, expected) => expect(fields(from, until)).toEqual(expected));
});
