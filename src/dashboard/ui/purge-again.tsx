import { linkTo } from "./context.ts";

/**
 * Leads to a new request that is filled in and checked, so that its price is seen before it is submitted. By POST: a
 * hundred URLs do not fit into an address.
 */
export function PurgeAgain(props: {
  readonly basePath: string;
  /** URLs, and paths of images. */
  readonly names: readonly string[];
  readonly reason?: string | undefined;
  readonly children: string;
}) {
  const { names, reason = "", children } = props;
  return (
    <form method="post" action={linkTo(props, "/new")} class="again">
      <input type="hidden" name="urls" value={names.join("\n")} />
      <input type="hidden" name="reason" value={reason} />
      <button type="submit" name="intent" value="check">
        {children}
      </button>
    </form>
  );
}
