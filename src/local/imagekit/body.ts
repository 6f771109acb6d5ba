import type { IncomingMessage } from "node:http";

const boundBytes = 1024 * 1024;

/** A request's body as text. `cut`: the caller went away in the middle of it. */
export async function readBody(request: IncomingMessage): Promise<string | "cut" | "too-big"> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of request) {
      parts.push(part);
      bytes += part.length;
      if (bytes > boundBytes) return "too-big";
    }
  } catch {
    return "cut";
  }
  return Buffer.concat(parts).toString("utf8");
}

/** Undefined when it is no JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The user of Basic credentials; the password is ignored, the SDK sends `do_not_set`. */
export function basicUser(authorization: string | undefined): string | undefined {
  const [, encoded] = /^Basic +(\S+)$/i.exec(authorization ?? "") ?? [];
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8").split(":")[0];
}
