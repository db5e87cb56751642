/** An HTML form as far as a script has to fill it in. */
export interface Form {
  action: URL;
  /** Inputs and buttons with their values. */
  fields: Record<string, string>;
}

/** The first form of a page; null where there is none. */
export function readForm(html: string, base: URL): Form | null {
  const tag = /<form[^>]*>/i.exec(html)?.[0];
  if (!tag) return null;
  const fields: Record<string, string> = {};
  for (const [field] of html.matchAll(/<(?:input|button)[^>]*>/gi)) {
    const name = attribute(field, 'name');
    if (name) fields[name] = attribute(field, 'value') ?? '';
  }
  return { action: new URL(attribute(tag, 'action') ?? base.href, base), fields };
}

function attribute(tag: string, name: string): string | undefined {
  const [, double, single, bare] =
    new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag) ?? [];
  const text = double ?? single ?? bare;
  return text
    ?.replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
