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
  const endCell = () => {
    row.push(cell.trim());
    cell = "";
  };
  const endRow = () => {
    endCell();
    if (row.some((each) => each !== "")) rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (isQuoted) {
      if (character !== '"') cell += /[\r\n]/.test(character) ? " " : character;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (character === '"' && cell.trim() === "") {
      isQuoted = true;
      cell = "";
    } else if (character === "\n" || character === "\r") endRow();
    else if (character === separator && !isInsideTransformation(cell, text.slice(at + 1, at + 40))) endCell();
    else cell += character;
  }
  endRow();
  return rows;
}

/** In a path, a file follows the transformation. In a query, another step such as `h-200` follows. */
function isInsideTransformation(cell: string, next: string): boolean {
  if (!isUrl(cell.trimStart())) return false;
  return /\/tr:[^/]*$/.test(cell) || (/[?&]tr=[^&]*$/.test(cell) && /^[a-z]{1,3}-[^\s,;]/.test(next));
}
