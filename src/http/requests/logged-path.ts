import { dropInIdPattern, idPattern } from "../../domain/ids.ts";

/** Our own paths consist of such words; a token, a code or a signature is longer, or has other characters. */
const word = /^([a-z._-]{0,16}|v[12])$/;
const ids = [idPattern("p"), idPattern("b"), dropInIdPattern];

const longestPath = 200;

/**
 * A request's path as the log may show it: short words and our own ids as they are, `*` for anything else between two
 * slashes, which may be the code of a sign-in link. This holds whether or not a route answers the path.
 */
export function loggedPath(path: string): string {
  return path
    .slice(0, longestPath)
    .split("/")
    .map((part) => (word.test(part) || ids.some((id) => id.test(part)) ? part : "*"))
    .join("/");
}
