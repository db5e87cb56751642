import { Tokenizer, TokenParser, TokenType } from '@streamparser/json';
import { DomainError } from '../../domain/errors';
import type { JsonItem } from '../../domain/file-records';
import { NotUtf8, utf8Text } from './utf8-text';

/** Lists and objects in one another; what goes deeper is meant to fill our memory. */
const deepest = 100;

/**
 * The items of a JSON list as its bytes come: the document itself, or the first list under one of these names in it. Throws
 * DomainError `import_not_utf8`, or `import_not_json` where the text is no JSON, goes deeper than a hundred levels, or has no
 * such list, with the item's row.
 */
export async function* readJsonItems(
  bytes: AsyncIterable<Uint8Array>,
  names: readonly string[],
): AsyncGenerator<JsonItem[]> {
  const reader = new ItemReader(names);
  try {
    for await (const text of utf8Text(bytes)) yield reader.write(text);
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    throw new DomainError('import_not_utf8', { params: { row: reader.row } });
  }
  reader.end();
}

class ItemReader {
  row = 1;
  readonly #tokenizer = new Tokenizer();
  #parser: TokenParser | null = null;
  #items: JsonItem[] = [];
  #depth = 0;
  /** At the first level of the document, where it is an object. */
  #lastName: unknown;
  /** How deep the list is, once it was found. */
  #listDepth: number | null = null;
  #isInList = false;
  /** Whether an item is complete, and the sign behind it is still to come. */
  #isItemOver = false;

  constructor(private readonly names: readonly string[]) {
    this.#tokenizer.onToken = ({ token, value }) => this.#take(token, value);
  }

  write(text: string): JsonItem[] {
    try {
      this.#tokenizer.write(text);
    } catch {
      throw this.#damaged();
    }
    return this.#items.splice(0);
  }

  end(): void {
    try {
      this.#tokenizer.end();
    } catch {
      throw this.#damaged();
    }
    if (!this.#parser?.isEnded || this.#listDepth === null) throw this.#damaged();
  }

  #take(token: TokenType, value: unknown): void {
    this.#parser ??= this.#parserOf(token);
    if (token === TokenType.STRING && this.#depth === 1) this.#lastName = value;
    if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) this.#open(token);
    const wasOver = this.#isItemOver;
    this.#parser.write({ token, value } as Parameters<TokenParser['write']>[0]);
    if (wasOver) this.row += 1;
    if (wasOver) this.#isItemOver = false;
    if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) this.#close();
  }

  #open(token: TokenType): void {
    const mayBegin = this.#depth === 0 || (this.#depth === 1 && this.names.some((name) => name === this.#lastName));
    this.#depth += 1;
    if (this.#depth > deepest) throw this.#damaged();
    if (token !== TokenType.LEFT_BRACKET || !mayBegin || this.#listDepth !== null) return;
    this.#listDepth = this.#depth;
    this.#isInList = true;
  }

  #close(): void {
    if (this.#depth === this.#listDepth) this.#isInList = false;
    this.#depth -= 1;
  }

  /** A parser that keeps nothing but the item it is at. */
  #parserOf(first: TokenType): TokenParser {
    const paths = first === TokenType.LEFT_BRACKET ? ['$.*'] : this.names.map((name) => `$.${name}.*`);
    const parser = new TokenParser({ paths, keepStack: false });
    parser.onValue = ({ value }) => {
      if (!this.#isInList) return;
      this.#items.push({ row: this.row, value });
      this.#isItemOver = true;
    };
    return parser;
  }

  #damaged(): DomainError {
    return new DomainError('import_not_json', { params: { row: this.row } });
  }
}
