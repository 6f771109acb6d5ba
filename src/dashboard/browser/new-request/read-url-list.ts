export type UrlList = {
  readonly urls: readonly string[];
  /** Rows that are not blank and have no URL in that column, such as a heading. */
  readonly leftOut: number;
};

/**
 * The URLs of a text with one per line, or of the CSV column (comma, semicolon or tab) that has most of them. Accepts
 * any text and never throws. A comma inside a transformation (`/tr:w-300,h-200/`) does not separate cells.
 */
export function readUrlList(text: string): UrlList {
  const plain = text.replace(/^\ufeff/, "");
  let best = bestColumn(readRows(plain, "\n"));
  for (const separator of [";", "\t", ","]) {
    const rows = readRows(plain, separator);
    if (!isTable(rows)) continue;
    const each = bestColumn(rows);
    if (each.urls.length > best.urls.length || isCloser(each, best)) best = each;
  }
  return best;
}

/**
 * True if every row has the same number of columns, or a cell that is not a URL has another beside it. Otherwise the
 * separator may be part of a URL.
 */
function isTable(rows: readonly (readonly string[])[]): boolean {
  const [first] = rows;
  const columns = first?.length ?? 0;
  if (rows.length > 1 && columns > 1 && rows.every((row) => row.length === columns)) return true;
  return rows.some(([cell = "", ...others]) => !isUrl(cell) && others.length > 0);
}

/** As many URLs, but shorter: a separator that cuts the URL out of its row is the better guess. */
function isCloser(one: UrlList, other: UrlList): boolean {
  return one.urls.length === other.urls.length && one.urls.join("").length < other.urls.join("").length;
}

function bestColumn(rows: readonly (readonly string[])[]): UrlList {
  const counts: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      if (isUrl(cell)) counts[column] = (counts[column] ?? 0) + 1;
    });
  }
  let column = 0;
  counts.forEach((count, index) => {
    if (count > (counts[column] ?? 0)) column = index;
  });
  const urls = rows.map((row) => row[column] ?? "").filter(isUrl);
  return { urls, leftOut: rows.length - urls.length };
}

function isUrl(cell: string): boolean {
  return /^https?:\/\//i.test(cell);
}

/** Rows of trimmed cells as in RFC 4180, without blank rows. A line break inside quotes becomes a space. */
function readRows(text: string, separator: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  const inside = transformationIn(text);
  const endCell = () => {
    row.push(cell.trim());
    cell = "";
  };
  const endRow = () => {
    endCell();
    if (row.some((each) => each !== "")) rows.push(row);
    row = [];
  };
  /** A cell begins with what is not white space. */
  const add = (character: string, at: number) => {
    if (cell === "") {
      if (character.trim() === "") return;
      inside.begin(at);
    }
    inside.pass(at);
    cell += character;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (isQuoted) {
      if (character !== '"') add(/[\r\n]/.test(character) ? " " : character, at);
      else if (text.charAt(at + 1) === '"') {
        add('"', at);
        at += 1;
      } else isQuoted = false;
    } else if (character === '"' && cell === "") isQuoted = true;
    else if (character === "\n" || character === "\r") endRow();
    else if (character === separator && !inside.isOpen(at)) endCell();
    else add(character, at);
  }
  endRow();
  return rows;
}

/**
 * Whether a cell of `text` has come into a transformation, kept up to date at each of its characters: to read the cell
 * again at each separator would take the square of its length.
 */
function transformationIn(text: string) {
  let isOfUrl = false;
  let isInPath = false;
  let isInQuery = false;
  return {
    /** A cell begins here. */
    begin(at: number): void {
      isOfUrl = isUrl(text.slice(at, at + 8));
      isInPath = false;
      isInQuery = false;
    },
    /** The character here belongs to the cell. */
    pass(at: number): void {
      const character = text.charAt(at);
      const ends = (word: string) => text.startsWith(word, at + 1 - word.length);
      if (character === "/") isInPath = false;
      if (character === "&") isInQuery = false;
      if (character === ":" && ends("/tr:")) isInPath = true;
      if (character === "=" && (ends("?tr=") || ends("&tr="))) isInQuery = true;
    },
    /** In a path a transformation is followed by a file; in a query by another step, such as `h-200`. */
    isOpen(separatorAt: number): boolean {
      const next = text.slice(separatorAt + 1, separatorAt + 6);
      return isOfUrl && (isInPath || (isInQuery && /^[a-z]{1,3}-[^\s,;]/.test(next)));
    },
  };
}
