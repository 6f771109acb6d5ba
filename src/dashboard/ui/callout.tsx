import type { PropsWithChildren } from "hono/jsx";
import { Icon } from "./icon.tsx";

type CalloutKind = "info" | "ok" | "warning" | "alarm";

/** An important message. Screen readers announce an alarm when the page loads. */
export function Callout(props: PropsWithChildren<{ readonly kind: CalloutKind; readonly id?: string }>) {
  const { kind, id, children } = props;
  return (
    <div class={`callout ${kind}`} id={id} role={kind === "alarm" ? "alert" : undefined}>
      <Icon name={kind} />
      <div>{children}</div>
    </div>
  );
}
