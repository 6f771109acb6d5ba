import type { PropsWithChildren } from "hono/jsx";
import { Icon } from "./icon.tsx";

type CalloutKind = "info" | "ok" | "warning" | "alarm";

/** Something that must not be overlooked. An alarm is also announced when it comes with the page. */
export function Callout(props: PropsWithChildren<{ readonly kind: CalloutKind; readonly id?: string }>) {
  const { kind, id, children } = props;
  return (
    <div class={`callout ${kind}`} id={id} role={kind === "alarm" ? "alert" : undefined}>
      <Icon name={kind} />
      <div>{children}</div>
    </div>
  );
}
