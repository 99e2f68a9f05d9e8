import { describe, expect, it } from "vitest";
import { load } from "./cart";

describe("cart", () => {
  it("loads its lines", async () => {
    expect(await load("cart.json")).toHaveLength(2);
  });
});
