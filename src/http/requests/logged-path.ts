import { idPattern } from "../../domain/ids.ts";

/** Our own addresses are made of words such as these; a token, a code or a signature is longer, or of more than letters. */
const word = /^[a-z._-]{0,16}$/;
const ids = [idPattern("p"), idPattern("b")];

const longestPath = 200;

/**
 * A request's path as the log may have it: short words and ids of ours as they are, `*` for whatever else somebody put
 * between two slashes, which may be the code of a sign-in link. Whether a route answers the path does not matter.
 */
export function loggedPath(path: string): string {
  return path
    .slice(0, longestPath)
    .split("/")
    .map((part) => (word.test(part) || ids.some((id) => id.test(part)) ? part : "*"))
    .join("/");
}
