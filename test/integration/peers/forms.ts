/** A form of a peer's page: where it goes and what it holds. */
export interface Form {
  action: string;
  fields: Record<string, string>;
}

const entities: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#x27;': "'",
};
const unescape = (text: string) =>
  text.replaceAll(/&(?:amp|lt|gt|quot|#39|#x27);/g, (entity) => entities[entity] ?? entity);
const attribute = (tag: string, name: string) => {
  const [, value] = new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag) ?? [];
  return value === undefined ? null : unescape(value);
};

/** Every form of a page with its named fields. */
export function formsOf(page: string, address: string): Form[] {
  return [...page.matchAll(/<form[\s\S]*?<\/form>/gi)].map(([form]) => {
    const fields: Record<string, string> = {};
    for (const [input] of form.matchAll(/<input[^>]*>/gi)) {
      const name = attribute(input, 'name');
      if (name !== null) fields[name] = attribute(input, 'value') ?? '';
    }
    return { action: new URL(attribute(form.slice(0, form.indexOf('>')), 'action') ?? address, address).href, fields };
  });
}
