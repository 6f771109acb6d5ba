/** What stands for the token. A page never shows one, and a command line would keep it in its history. */
const token = "$PURGE_DESK_TOKEN";

export type CurlRequest = {
  readonly urls?: readonly string[] | undefined;
  readonly images?: readonly string[] | undefined;
  readonly reason?: string | undefined;
};

/** The command that submits these URLs and images through the API at this address, for a POSIX shell. */
export function curlFor(address: string, { urls, images, reason }: CurlRequest): string {
  return [
    `curl ${quoted(address)}`,
    `  -H "Authorization: Bearer ${token}"`,
    `  -H 'Content-Type: application/json'`,
    `  -d ${quoted(asciiJson({ urls, images, reason }))}`,
  ].join(" \\\n");
}

/** JSON in ASCII alone: no character is hidden or turned around where it is shown, and any terminal takes it. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** In single quotes a shell changes nothing; a single quote itself ends them, and is escaped between two parts. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
