import { createRouter } from "../../http/router.ts";
import { type Desk, requirePerson } from "../desk.ts";
import { showPage } from "../page.tsx";

export function healthPageRoute(desk: Desk) {
  return createRouter().get("/health", requirePerson(desk, "read"), async (c) => {
    const { ledger } = c.get("services");
    const health = await ledger.health();
    const about = { title: "Health", caller: c.get("caller"), health, section: "health" } as const;
    return showPage(c, desk, about, <h1>Health</h1>);
  });
}
