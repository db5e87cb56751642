/** One thing that an expression reads: a metric, narrowed by labels. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

export interface ExpressionParts {
  readonly selectors: readonly Selector[];
  /** Labels that results are grouped or matched by. */
  readonly grouping: readonly string[];
}

const token =
  /(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<braces>\{(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^{}"'])*\})|(?<range>\[[^\]]*\])|(?<number>\d[\w.]*)|(?<word>[A-Za-z_:$][\w:]*)|(?<sign>[()])|[^\s]/g;
const groupings = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const words = new Set([
  'and',
  'or',
  'unless',
  'bool',
  'offset',
  'sum',
  'min',
  'max',
  'avg',
  'count',
  'topk',
  'bottomk',
]);

/**
 * What an expression of PromQL names. It takes the language apart as far as names need it; whether the expression is right in
 * everything else, Prometheus says. Throws for a selector without a metric's name.
 */
export function partsOf(expression: string): ExpressionParts {
  const tokens = [...expression.matchAll(token)].map((match) => match.groups ?? {});
  const selectors: Selector[] = [];
  const grouping: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const { word, braces } = tokens[at] ?? {};
    if (braces !== undefined) throw new Error(`${braces} names no metric`);
    if (word === undefined || words.has(word)) continue;
    const next = tokens[at + 1];
    if (groupings.has(word)) {
      for (at++; tokens[at] && tokens[at]?.sign !== ')'; at++) {
        const label = tokens[at]?.word;
        if (label !== undefined) grouping.push(label);
      }
    } else if (next?.sign !== '(') {
      selectors.push({ metric: word, matchers: matchersOf(next?.braces ?? '') });
      if (next?.braces !== undefined) at++;
    }
  }
  return { selectors, grouping };
}

function matchersOf(braces: string): Matcher[] {
  const pairs = braces.matchAll(/(?<label>\w+)\s*(?<operator>=~|!~|!=|=)\s*(?:"(?<value>(?:[^"\\]|\\.)*)")/g);
  return [...pairs].map(({ groups }) => ({
    label: groups?.label ?? '',
    operator: (groups?.operator ?? '=') as Matcher['operator'],
    value: groups?.value ?? '',
  }));
}
