import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { permissions, type Permission } from '../../domain/roles';
import { problemSchema } from '../problem';
import type { Route } from '../route';

type Document = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** The OpenAPI 3.1 description of all routes, made from the schemas that validate them. */
export function openApiDocument(routes: Route[]): Document {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: 'dnp_session' });
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  for (const route of routes) registry.registerPath(operation(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Do Not Play',
      version: '1',
      description: 'Keeps artists out of a person’s music, shows why, applies it durably and takes it back exactly.',
    },
    servers: [{ url: '/' }],
  });
}

function operation(route: Route): RouteConfig {
  return {
    method: route.method,
    path: `/api/v1${route.path}`,
    summary: route.summary,
    description: describe(route),
    tags: route.tags,
    security: permissions[route.permission].signedIn ? [{ session: [] }, { token: [] }] : [],
    'x-permission': route.permission,
    'x-scope': route.scope,
    request: {
      ...(route.params ? { params: route.params as z.ZodObject } : {}),
      ...(route.query ? { query: route.query as z.ZodObject } : {}),
      ...(route.idempotent ? { headers: z.object({ 'Idempotency-Key': z.string().max(200).optional() }) } : {}),
      ...(route.body ? { body: { required: true, content: bodyContent(route, route.body) } } : {}),
    },
    responses: responsesOf(route),
  };
}

type Content = Record<string, { schema: z.ZodType | { type: 'string' } }>;

function bodyContent({ form, file }: Route, schema: z.ZodType): Content {
  if (file) return Object.fromEntries(file.types.map((type) => [type, { schema: { type: 'string' } }]));
  return { [form ? 'application/x-www-form-urlencoded' : 'application/json']: { schema } };
}

const needs: Readonly<Record<Permission, string>> = {
  anyone: 'Open to anyone',
  signed_in: 'Needs a signed-in person, who may be suspended',
  user: 'Needs a signed-in person',
  moderator: 'Needs the role `moderator`',
  reviewer: 'Needs the role `reviewer`',
  staff: 'Needs the role `moderator`, `reviewer` or `admin`',
  admin: 'Needs the role `admin`',
};

function describe({ description, permission, scope }: Route): string {
  const token = permissions[permission].signedIn ? `; a token needs the scope \`${scope}\`` : '';
  return [description, `${needs[permission]}${token}.`].filter(Boolean).join('\n\n');
}

function responsesOf(route: Route): RouteConfig['responses'] {
  const described = Object.entries(route.responses).map(([status, shape]) => {
    if (shape instanceof z.ZodType)
      return [status, { description: 'Done.', content: { 'application/json': { schema: shape } } }];
    if (shape)
      return [
        status,
        {
          description: shape.description,
          content: Object.fromEntries([shape.contentType].flat().map((type) => [type, { schema: { type: 'string' } }])),
        },
      ];
    return [status, { description: Number(status) >= 300 ? 'Go there.' : 'Done; nothing to say.' }];
  });
  return {
    ...Object.fromEntries(described),
    default: {
      description: 'Any failure, as problem+json.',
      content: { 'application/problem+json': { schema: problemSchema } },
    },
  };
}
