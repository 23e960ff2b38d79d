import type { Dependencies } from '../model/dependencies.ts';

/** Tables of one step of the load order: nothing in it waits for another, but for the members of a cycle. */
export type Layer = readonly string[];

/**
 * The steps in which tables can load, parents before children; the members of a cycle are in one step.
 * Within a step, tables stand near those that they refer to.
 */
export function layersOf({ tables, cycles }: Dependencies): readonly Layer[] {
  const cycleOf = new Map(cycles.flatMap((cycle) => cycle.map((name) => [name, cycle] as const)));
  const parents = new Map(tables.map(({ name, refersTo }) => [name, refersTo]));
  const steps = new Map<string, number>();
  const layers: string[][] = [];
  for (const { name } of tables) {
    if (steps.has(name)) continue;
    const together = cycleOf.get(name) ?? [name];
    const before = together.flatMap((member) => parents.get(member) ?? []);
    const step = before.reduce((most, parent) => Math.max(most, (steps.get(parent) ?? -1) + 1), 0);
    for (const member of together) steps.set(member, step);
    (layers[step] ??= []).push(...together);
  }
  return untangle(layers, parents);
}

/** Source: the barycentre heuristic of K. Sugiyama et al., Methods for visual understanding of hierarchical system structures (1981) */
function untangle(
  layers: readonly Layer[],
  parents: ReadonlyMap<string, readonly string[]>,
): readonly Layer[] {
  const places = new Map<string, number>();
  return layers.map((layer) => {
    const middle = new Map(
      layer.map((name) => {
        const known = (parents.get(name) ?? []).flatMap((parent) => places.get(parent) ?? []);
        const sum = known.reduce((total, place) => total + place, 0);
        return [name, known.length === 0 ? Number.MAX_VALUE : sum / known.length];
      }),
    );
    const ordered = layer.toSorted((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0));
    for (const [index, name] of ordered.entries()) places.set(name, (index + 0.5) / layer.length);
    return ordered;
  });
}
