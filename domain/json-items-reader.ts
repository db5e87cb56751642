import { DomainError } from './errors';
import type { RecordReader } from './record-reader';

/** One item of a list; `row` is its place, from 1 on. */
export interface JsonItem {
  row: number;
  value: unknown;
}

/**
 * Reads the items of a JSON list one by one: the document itself, or the list under one of these names in it. Throws
 * DomainError `import_not_json` where the text is no JSON, or has no such list.
 */
export class JsonItemsReader implements RecordReader<JsonItem> {
  row = 1;
  private place: 'frame' | 'items' = 'frame';
  /** The document without its items. */
  private frame = '';
  private found = false;
  private depth = 0;
  private inString = false;
  private escaped = false;
  private item = '';
  private afterComma = false;
  /** The text at the frame's first level since the last comma or brace: `"name":` before a list. */
  private before = '';

  constructor(private readonly names: readonly string[]) {}

  push(text: string): JsonItem[] {
    const items: JsonItem[] = [];
    for (const character of text) {
      if (this.place === 'items') items.push(...this.takeItem(character));
      else this.takeFrame(character);
    }
    return items;
  }

  end(): JsonItem[] {
    if (this.place === 'items' || !this.found) throw this.damaged();
    this.parse(this.frame.replace(/^\ufeff/, ''));
    return [];
  }

  private takeFrame(character: string): void {
    this.frame += character;
    const wasString = this.inString;
    this.followString(character);
    if (wasString || this.inString) this.before += character;
    else if (character === '[' && !this.found && this.beginsItems()) {
      this.found = true;
      this.place = 'items';
    } else if (character === '{' || character === '[') {
      this.depth += 1;
      this.before = '';
    } else if (character === '}' || character === ']') this.depth -= 1;
    else if (character === ',') this.before = '';
    else this.before += character;
  }

  private beginsItems(): boolean {
    if (this.depth === 0) return this.frame.replace(/^\ufeff/, '').trim() === '[';
    return this.depth === 1 && this.names.some((name) => this.before.replaceAll(/\s/g, '') === `"${name}":`);
  }

  private takeItem(character: string): JsonItem[] {
    const wasString = this.inString;
    this.followString(character);
    const outside = !wasString && !this.inString;
    const level = this.depthInItem;
    if (outside && level === 0 && (character === ',' || character === ']')) return this.endItem(character);
    if (outside && (character === '{' || character === '[')) this.depthInItem += 1;
    if (outside && (character === '}' || character === ']')) this.depthInItem -= 1;
    this.item += character;
    return [];
  }
  private depthInItem = 0;

  private endItem(character: string): JsonItem[] {
    const text = this.item.trim();
    this.item = '';
    const ends = character === ']';
    if (ends) {
      this.place = 'frame';
      this.frame += character;
    }
    if (text === '' && ends && !this.afterComma) return [];
    const item = { row: this.row, value: this.parse(text) };
    this.afterComma = !ends;
    this.row += 1;
    return [item];
  }

  private followString(character: string): void {
    if (!this.inString) this.inString = character === '"';
    else if (this.escaped) this.escaped = false;
    else if (character === '\\') this.escaped = true;
    else if (character === '"') this.inString = false;
  }

  private parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw this.damaged();
    }
  }

  private damaged(): DomainError {
    return new DomainError('import_not_json', { params: { row: this.row } });
  }
}
