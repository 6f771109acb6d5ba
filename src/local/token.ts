/** `npm run token -- name scope scope…`: prints a new token once, and its entry for PURGE_TOKENS. */

import { makeToken, readTokenRequest } from "./make-token.ts";

const usage = `Usage: npm run token -- <name> <scope> [<scope> …]

  name    1 to 32 of a-z, 0-9 and -; the same name twice lets you change a token without a gap
  scope   read      plan, list, read, budget, every health check
          purge     submit and cancel purges; implies read
          wildcard  purge by wildcard; beside purge
          admin     everything, corrections included

For example: npm run token -- storefront purge wildcard`;

const words = process.argv.slice(2);
const request = readTokenRequest(words);
if (words.some((word) => word === "--help" || word === "-h")) {
  console.log(usage);
} else if ("problems" in request) {
  console.error([...request.problems, "", usage].join("\n"));
  process.exitCode = 2;
} else {
  const { token, entry } = makeToken(request);
  console.log(`The token, for the caller. It is shown only now and kept nowhere:

  ${token}

Its entry, for PURGE_TOKENS (after a comma, if there are others):

  ${entry}`);
}
