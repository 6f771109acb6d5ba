/** An `=` of a parameter or an attribute, as the source of an e-mail has it. */
const escapedEquals = /(?:[?&;](?:tr|v|updatedAt|ik-[\w-]{1,20})|\b(?:src|href|srcset))=3D/u;
/** Lines are broken at 76 characters. The next line of a list of URLs is no continuation. */
const longLine = /^[^\r\n]{66,75}=\r?\n(?!https?:)/mu;
const softBreak = /=[ \t]{0,8}\r?\n/gu;

/**
 * The source of an e-mail, decoded: `=3D` is `=`, and lines that end in `=` go on. Any other text is as it was. Only ASCII is
 * decoded, as URLs have nothing else.
 */
export function decodeQuotedPrintable(text: string): string {
  const isEncoded = escapedEquals.test(text) || longLine.test(text);
  return isEncoded ? decode(text.replace(softBreak, "")) : text;
}

/** A URL with the `=3D` of such a source, decoded. */
export function decodeParameters(url: string): string {
  return escapedEquals.test(url) ? decode(url) : url;
}

function decode(text: string): string {
  return text.replace(/=([2-7][0-9A-F])/gu, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
