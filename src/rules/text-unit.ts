/** One character of a text in which a URL may be escaped as in HTML, JSON, JavaScript or Markdown. */
export type TextUnit = {
  readonly character: string;
  /** How many characters of the text it takes. */
  readonly size: number;
};

const entity =
  /&(?:amp;)*(?:amp;|(quot|apos|lt|gt|nbsp|szlig|oslash|aelig|[a-z](?:uml|acute|grave|circ|tilde|ring|cedil));|#0{0,4}(\d{1,6});|#x0{0,4}([\da-f]{1,5});)/iy;
const backslash = /\\{1,4}(?:u([\da-f]{4})|x([\da-f]{2})|([!-/:-@[\]-`{-~]))/iy;
const named: Readonly<Record<string, string>> = {
  quot: '"',
  apos: "'",
  lt: "<",
  gt: ">",
  nbsp: "\u00a0",
  szlig: "ß",
  oslash: "ø",
  Oslash: "Ø",
  aelig: "æ",
  AElig: "Æ",
};
/** `ouml` is an o with the mark `uml`. */
const marks: Readonly<Record<string, string>> = {
  uml: "\u0308",
  acute: "\u0301",
  grave: "\u0300",
  circ: "\u0302",
  tilde: "\u0303",
  ring: "\u030a",
  cedil: "\u0327",
};

/** The character at `at`, decoded: `&amp;` and `\u0026` are `&`, `\/` is `/`, `\_` is `_`. */
export function readUnit(text: string, at: number): TextUnit {
  const first = text.charAt(at);
  if (first === "&") {
    const [whole, name = "", decimal, hexadecimal] = matchAt(entity, text, at) ?? [];
    if (whole !== undefined) {
      const code = decimal === undefined ? hexadecimal : Number(decimal).toString(16);
      const character = code === undefined ? namedCharacter(name) : characterOf(code);
      return { character, size: whole.length };
    }
  }
  if (first === "\\") {
    const [whole, long, short, mark = ""] = matchAt(backslash, text, at) ?? [];
    const code = long ?? short;
    // Markdown made from HTML: `\&amp;`.
    if (whole !== undefined && mark === "&") {
      const { character, size } = readUnit(text, at + whole.length - 1);
      return { character, size: whole.length - 1 + size };
    }
    if (whole !== undefined) {
      return { character: code === undefined ? mark : characterOf(code), size: whole.length };
    }
  }
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0xfffd);
  return { character, size: character.length };
}

/** The match of a sticky expression at a position. */
export function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | undefined {
  sticky.lastIndex = at;
  return sticky.exec(text) ?? undefined;
}

function namedCharacter(name: string): string {
  const mark = marks[name.slice(1).toLowerCase()];
  if (mark !== undefined) return (name.charAt(0) + mark).normalize("NFC");
  return named[name] ?? named[name.toLowerCase()] ?? "&";
}

function characterOf(hexadecimal: string): string {
  const code = Number.parseInt(hexadecimal, 16);
  return code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code);
}
