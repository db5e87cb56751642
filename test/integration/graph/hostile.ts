import { graphRoutes } from '../../../api/routes/graph/graph';
import { newId } from '../../../adapters/postgres/ids';
import type { GraphStage } from './stage';

/** What would do harm where a text became a part of a statement. */
const hostile = [
  "'}) MATCH (n) DETACH DELETE n //`",
  '"}) DETACH DELETE a WITH 1 AS x MATCH (n) SET n.name = "x" //',
  '1 RETURN 1 UNION MATCH (n) DETACH DELETE n RETURN 1',
  '*/ CALL db.labels() YIELD label RETURN label //',
  '$id',
  '\\u0027',
  '1; drop table artists; --',
];

const cursor = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url');

interface Question {
  method: string;
  path: string;
  /** Where one of the texts stands. */
  parameter: string;
  body?: unknown;
}

/** Every parameter of every route of the graph, each with every text, and all others as they should be. */
export function hostileQuestions(good: { id: string; from: string; to: string }): Question[] {
  const fine: Record<string, string> = {
    ...good,
    depth: '1',
    limit: '10',
    query: 'hub',
    cursor: cursor({ tracks: 3, id: good.id, startedAt: new Date().toISOString() }),
  };
  return graphRoutes.flatMap(({ method, path, params, query, body }): Question[] => {
    const [inPath, inQuery, inBody] = [params, query, body].map(namesOf);
    for (const name of [...(inPath ?? []), ...(inQuery ?? [])])
      if (!(name in fine)) throw new Error(`Say what a good ${name} is.`);
    const build = (bad: Record<string, string>) => {
      const values = { ...fine, ...bad };
      const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(values[name] ?? ''));
      const search = new URLSearchParams((inQuery ?? []).map((name): [string, string] => [name, values[name] ?? '']));
      return `${filled}?${search.toString()}`;
    };
    return hostile.flatMap((text): Question[] => [
      ...[...(inPath ?? []), ...(inQuery ?? [])].flatMap((name): Question[] => {
        const texts =
          name === 'cursor'
            ? [
                text,
                cursor({ tracks: text, id: good.id, startedAt: text }),
                cursor({ tracks: 3, id: text, startedAt: text }),
              ]
            : [text];
        return texts.map((one) => ({ method, parameter: name, path: build({ [name]: one }) }));
      }),
      ...(inBody ?? []).map((name): Question => ({ method, parameter: name, path: build({}), body: { [name]: text } })),
    ]);
  });
}

function namesOf(schema: unknown): string[] {
  const { shape, def } = (schema ?? {}) as { shape?: object; def?: { innerType?: unknown } };
  if (shape) return Object.keys(shape);
  return def?.innerType ? namesOf(def.innerType) : [];
}

/** Questions that name somebody whom nobody knows. */
export const aboutNobody = (known: string): string[] => [
  `artists/${newId()}/network`,
  `artists/${newId()}/collaborators`,
  `paths?from=${newId()}&to=${known}`,
  `paths?from=${known}&to=${newId()}`,
];

/** Asks it as an admin, who may ask everything; the status. */
export async function statusOf(stage: GraphStage, token: string, { method, path, body }: Question): Promise<number> {
  const options = { token, ...(body === undefined ? {} : { body }) };
  return (await stage.api.call(method.toUpperCase(), `/api/v1${path}`, options)).status;
}
