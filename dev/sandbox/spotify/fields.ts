/** Which fields are wanted: each with what is wanted below it (null means all of it), and which are not. */
interface Selection {
  wanted: Map<string, Selection | null>;
  unwanted: Set<string>;
}

/**
 * Applies the `fields` parameter of playlist reads: `a,b.c,d(e,f(g)),!h`. Lists are filtered item by item. A field that
 * doesn't exist is left out. A text that can't be read selects what could be read of it.
 */
export function selectFields(value: unknown, fields: string | undefined): unknown {
  if (fields === undefined || fields.trim() === '') return value;
  return apply(value, parse(fields.replaceAll(/\s/g, '')));
}

function parse(text: string): Selection {
  const selection: Selection = { wanted: new Map(), unwanted: new Set() };
  for (const term of splitTopLevel(text)) {
    if (term.startsWith('!')) selection.unwanted.add(term.slice(1));
    else add(selection, term);
  }
  return selection;
}

function add(selection: Selection, term: string): void {
  const [, name = '', rest = ''] = /^([^.(]*)(.*)$/.exec(term) ?? [];
  if (name === '') return;
  const inner = rest.startsWith('.') ? rest.slice(1) : rest.replace(/^\(/, '').replace(/\)$/, '');
  if (inner === '') {
    selection.wanted.set(name, null);
    return;
  }
  const present = selection.wanted.get(name);
  if (present === null) return;
  const below = parse(inner);
  for (const [field, deeper] of present?.wanted ?? []) if (!below.wanted.has(field)) below.wanted.set(field, deeper);
  selection.wanted.set(name, below);
}

function splitTopLevel(text: string): string[] {
  const terms: string[] = [];
  let depth = 0;
  let term = '';
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) {
      terms.push(term);
      term = '';
    } else term += character;
  }
  return [...terms, term].filter((part) => part !== '');
}

function apply(value: unknown, selection: Selection): unknown {
  if (Array.isArray(value)) return value.map((item) => apply(item, selection));
  if (typeof value !== 'object' || value === null) return value;
  const chosen = Object.keys(value).filter((name) => {
    if (selection.unwanted.has(name)) return false;
    return selection.wanted.size === 0 || selection.wanted.has(name);
  });
  return Object.fromEntries(
    chosen.map((name) => {
      const field = (value as Record<string, unknown>)[name];
      const below = selection.wanted.get(name);
      return [name, below ? apply(field, below) : field];
    }),
  );
}
