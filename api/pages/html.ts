const replacements: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it may stand in HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => replacements[character] ?? character);
}

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1f; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid #ddd; vertical-align: top; }
pre { background: #f4f4f6; padding: 0.8rem; overflow-x: auto; } .button { display: inline-block; padding: 0.4rem 0.9rem; background: #1b1b1f; color: #fff; text-decoration: none; border-radius: 4px; }
.note { padding: 0.6rem 0.9rem; background: #fff4d6; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #17171a; } pre { background: #26262b; } td, th { border-color: #444; } a { color: #9cf; } .button { background: #eee; color: #17171a; } .note { background: #4a3c10; } }
`;

/** A plain page around a body that is already safe HTML. */
export function htmlPage(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Do Not Play</title><style>${style}</style>${head}</head><body>${body}</body></html>
`;
}
