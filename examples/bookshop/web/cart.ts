import { readFile } from "fs/promises";
import { format } from "util";

export interface Line {
  title: string;
  cents: number;
}

export async function load(path: string): Promise<Line[]> {
  return JSON.parse(await readFile(path, "utf8"));
}

export function show(lines: Line[], target: HTMLElement): void {
  target.innerHTML = lines.map((line) => `<li>${line.title}</li>`).join("");
}

export async function refresh(path: string, target: HTMLElement): Promise<void> {
  load(path);
  show(await load(path), target);
}
