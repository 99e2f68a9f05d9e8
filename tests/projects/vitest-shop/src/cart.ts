export function total(prices: number[], discount = 0): number {
  const sum = prices.reduce((all, price) => all + price, 0);
  return (sum * (100 - discount)) / 10;
}
