export type HostReading =
  | {
      /** Lower case, punycode, no final dot; with the port unless it is the scheme's default. */
      readonly host: string;
      readonly nameChanged: boolean;
      readonly portChanged: boolean;
    }
  | { readonly problem: string };

const maximumNameLength = 253;

/**
 * The canonical form of `host[:port]` (no user name). A host that only the URL standard's rewriting turns into another
 * one (`127.1`, `ik%2eimagekit.io`, full-width letters) is a problem, not a synonym, because programs differ on it.
 */
export function readHost(scheme: "http" | "https", authority: string): HostReading {
  if (authority === "") return { problem: "the host is missing" };
  const [, name = "", port] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/u.exec(authority) ?? [];
  if (name === "") return { problem: "the host or its port cannot be read" };
  if (name.length > maximumNameLength)
    return { problem: `the host is longer than ${maximumNameLength} characters` };
  if (/[\s\p{Cc}]/u.test(name)) return { problem: "the host contains white space or a control character" };
  if (name.includes("%")) return { problem: "the host contains a percent sign" };

  const parsed = parse(`${scheme}://${authority}/`);
  if (parsed === undefined) return { problem: "the host or its port is not valid" };
  const written = withoutFinalDot(name);
  const canonical = withoutFinalDot(parsed.hostname);
  if (!sameName(written, canonical))
    return { problem: "some programs would read the host as a different one" };

  const canonicalPort = parsed.port === "" ? "" : `:${parsed.port}`;
  return {
    host: canonical + canonicalPort,
    nameChanged: canonical !== name,
    portChanged: canonicalPort !== (port === undefined ? "" : `:${port}`),
  };
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function withoutFinalDot(name: string): string {
  return name.endsWith(".") ? name.slice(0, -1) : name;
}

/** Compares label by label: ASCII may differ only in case, and an international label becomes `xn--…`, never plain ASCII. */
function sameName(written: string, canonical: string): boolean {
  const labels = canonical.split(".");
  const writtenLabels = written.split(".");
  return (
    labels.length === writtenLabels.length &&
    writtenLabels.every((label, index) =>
      /^\p{ASCII}+$/u.test(label)
        ? label.toLowerCase() === labels[index]
        : labels[index]?.startsWith("xn--") === true,
    )
  );
}
