import { routes } from '../../../api/routes';
import { announcementPlace, pageOf } from '../../../domain/announcement-places';
import { announcementRules, type AnnouncementType } from '../../../domain/announcements';

const id = '0190a000-0000-7000-8000-000000000001';
/** Whatever any type may carry. */
const params = {
  ...Object.fromEntries(
    [
      'connection',
      'run',
      'artist',
      'track',
      'plan',
      'webhook',
      'decision',
      'withdrawal',
      'list',
      'appeal',
      'proposal',
    ].map((name) => [`${name}Id`, id]),
  ),
  provider: 'spotify',
  number: 3,
};
const types = Object.keys(announcementRules) as AnnouncementType[];

const methodsAt = (place: string): string[] => {
  const { pathname } = new URL(place, 'http://api');
  return routes
    .filter(({ path }) => new RegExp(`^/api/v1${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname))
    .map(({ method }) => method);
};

describe('where an announcement leads', () => {
  it.each(types)('%s: to something that the API has, in an e-mail to something that a browser opens', (type) => {
    const place = announcementPlace(type, params);
    if (place !== null) expect(methodsAt(place)).not.toEqual([]);
    const page = pageOf(type, params);
    if (page !== '/') expect(methodsAt(page)).toContain('get');
  });
});
