import { openApiDocument } from '../../../api/docs/open-api';
import { routes } from '../../../api/routes';

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

  it('lets a POST that answers 202 be sent twice safely', () => {
    const unsafe = routes.filter(
      ({ method, responses, idempotent }) => method === 'post' && 202 in responses && !idempotent,
    );
    expect(unsafe.map(({ path }) => path)).toEqual([]);
  });
});
