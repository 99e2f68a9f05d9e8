import { describe, expect, it } from "vitest";

import { total } from "../src/cart";

describe("the cart", () => {
  it("costs nothing when it is empty", () => {
    expect(total([])).toBe(0);
  });

  it("takes a discount once", () => {
    const price = total([200, 100], 10);
    expect(price).toBe(270);
  });
});
