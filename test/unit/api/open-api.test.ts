import { openApiDocument } from '../../../api/docs/open-api';
import { routes } from '../../../api/routes';
import { viewNames, viewOf } from '../../../api/routes/analytics/views';

describe('the description of the API', () => {
  it('has every route, each with its failures', () => {
    const { paths = {} } = openApiDocument(routes);
    for (const route of routes) {
      const operation = paths[`/api/v1${route.path}`]?.[route.method];
      expect(operation?.summary).toBe(route.summary);
      expect(operation?.responses).toHaveProperty('default');
    }
  });

  it('names no route twice', () => {
    const names = routes.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`);
    expect(names).toEqual([...new Set(names)]);
  });

  it('puts fixed paths before parameters in their place, since the first that fits answers', () => {
    const parts = (path: string) => path.split('/');
    const shadows = (earlier: string, later: string) =>
      earlier.includes('{') &&
      parts(earlier).length === parts(later).length &&
      parts(earlier).every((part, n) => part.startsWith('{') || part === parts(later)[n]);
    const shadowed = routes.flatMap((later, n) =>
      routes
        .slice(0, n)
        .filter((earlier) => earlier.method === later.method && shadows(earlier.path, later.path))
        .map((earlier) => `${earlier.path} hides ${later.path}`),
    );
    expect(shadowed).toEqual([]);
  });

  it('has a file of every view of analytics, named as its path is', () => {
    const pathOf = (name: string) => `/analytics/${name.replace(/^system-/, 'system/')}`;
    for (const name of viewNames) expect(viewOf(name).route.path).toBe(pathOf(name));
    const paths = routes.map(({ path }) => path).filter((path) => path.startsWith('/analytics/'));
    expect(paths.filter((path) => path !== '/analytics/export').sort()).toEqual(viewNames.map(pathOf).sort());
  });

  it('lets a POST that answers 202 be sent twice safely', () => {
    const unsafe = routes.filter(
      ({ method, responses, idempotent }) => method === 'post' && 202 in responses && !idempotent,
    );
    expect(unsafe.map(({ path }) => path)).toEqual([]);
  });

  it('says who may call each, and with which scope', () => {
    const { paths = {} } = openApiDocument(routes);
    for (const route of routes)
      expect(paths[`/api/v1${route.path}`]?.[route.method]).toMatchObject({
        'x-permission': route.permission,
        'x-scope': route.scope,
        security: route.permission === 'anyone' ? [] : [{ session: [] }, { token: [] }],
      });
  });

  it('asks tokens for more than reading and writing wherever a role decides', () => {
    const deciding = routes.filter(({ permission }) => ['moderator', 'reviewer', 'admin'].includes(permission));
    expect(deciding.length).toBeGreaterThan(5);
    const weak = deciding.filter(({ scope, permission }) => scope !== (permission === 'admin' ? 'admin' : 'moderate'));
    expect(weak.map(({ path }) => path)).toEqual([]);
  });

  it('leaves a suspended person what they need to see where they stand, undo, export, appeal and leave, and nothing else', () => {
    const kept = routes.filter(({ permission }) => permission === 'signed_in');
    expect(kept.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'delete /auth/session',
      'delete /auth/sessions',
      'delete /auth/sessions/{id}',
      'delete /auth/tokens/{id}',
      'delete /connections/{id}',
      'delete /me',
      'delete /me/identities/{id}',
      'get /analytics/actions',
      'get /analytics/export',
      'get /analytics/summary',
      'get /analytics/time-series',
      'get /appeals',
      'get /appeals/{id}',
      'get /auth/session',
      'get /auth/sessions',
      'get /auth/tokens',
      'get /blocks/export',
      'get /connections',
      'get /connections/apple-music/developer-token',
      'get /connections/spotify/start',
      'get /connections/{id}',
      'get /connections/{id}/library/export',
      'get /decisions/{id}',
      'get /enforcement/restores/{id}',
      'get /enforcement/runs',
      'get /enforcement/runs/{id}',
      'get /enforcement/runs/{id}/actions',
      'get /enforcement/runs/{id}/report',
      'get /jobs',
      'get /jobs/{id}',
      'get /jobs/{id}/events',
      'get /jobs/{id}/execution',
      'get /me',
      'get /me/events',
      'get /me/exports',
      'get /me/exports/{id}',
      'get /me/exports/{id}/file',
      'get /me/identities',
      'get /me/notifications',
      'post /appeals',
      'post /appeals/{id}/answer',
      'post /appeals/{id}/withdraw',
      'post /blocks/{artistId}/restore',
      'post /blocks/{artistId}/restore-preview',
      'post /connections/apple-music',
      'post /enforcement/restores/{id}',
      'post /enforcement/runs/{id}/cancel',
      'post /enforcement/runs/{id}/rollback',
      'post /enforcement/runs/{id}/rollback-preview',
      'post /jobs/{id}/cancel',
      'post /me/export',
      'post /me/notifications/read-all',
      'post /me/notifications/{id}/read',
      'post /track-blocks/{trackId}/restore',
    ]);
  });
});
