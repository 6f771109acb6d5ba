/** Names that a template would have filled in, as the languages that people use write them. */
const placeholders: readonly RegExp[] = [
  // {{x}}, {% if x %}, ${x}, #{x}, @{x}, %{x}; a text may have been cut within them.
  /\{\{[^{}]{0,60}(?:\}\})?|\{%[^{}]{0,60}%\}|[$#@%]\{[^{}]{0,60}\}?/u,
  // <%= x %>, <?= x ?>, and <image> where a whole name is expected.
  /<[%?][^<>]{0,60}[%?]>|\/<[a-z][\w -]{0,40}>(?=[./?#]|$)/iu,
  // {width}, {a.b}, {0}, {}, {640,750}, but not in the text of a layer. A letter or an id in braces may be a name.
  /(?<![,:](?:i|ot)-[^,:/]{0,60})\{(?:\d{0,2}|[a-z_$][\w$]{1,40}(?:\.[\w$]{1,40}){0,4}|[^{}\s]{1,40},[^{}]{0,60})\}/iu,
  // [[x]], [...x], $(x), %(x)s, %1$s
  /\[\[[^[\]]{1,60}\]\]|\[\.{3}\w{1,40}\]|\$\(\w{1,40}\)|%\(\w{1,40}\)[sd]|%\d\$[sd]/iu,
  // %IMAGE%
  /(?<=[/=_-])%{1,2}[a-z_]{2,40}%{1,2}(?=[./?&#_-]|$)/iu,
  // A whole segment, or a file's name: {x}, :id, %s, $image, __IMAGE__
  /\/(?:\{[a-z_$][\w.$]{0,60}\}|:[a-z_]\w{0,60}|%[sd]|\$[a-z_]\w{0,40})(?=\.[a-z0-9]{1,5}$|[/.?#]|$)/iu,
  /\/__[A-Z][A-Z0-9_]{0,40}__(?=[/.?#]|$)/u,
  // "' + image + '": code that puts a URL together.
  /(["'`])\s{0,3}\+\s{0,3}[\w$.[\]()-]{1,60}\s{0,3}(?:\+\s{0,3}\1|$)/u,
];

/** Those whose own spaces and brackets are no reason to refuse a line: they are mistakes. */
const spaced =
  /\{\{[^{}]{0,60}\}\}|\{%[^{}]{0,60}%\}|[$#@%]\{[^{}]{0,60}\}|<[%?][^<>]{0,60}[%?]>|(?<=\/)<[a-z][\w -]{0,40}>(?=[./?#]|$)|\[object \w{1,30}\]/giu;

/** The first placeholder in a text, if there is one. */
export function findPlaceholder(text: string): string | undefined {
  for (const placeholder of placeholders) {
    const found = placeholder.exec(text)?.[0];
    if (found !== undefined) return found.replace(/^\//u, "");
  }
  return undefined;
}

export function withoutPlaceholders(text: string): string {
  return text.replace(spaced, "");
}
