const BEGIN = /^<!-- generated: ([a-z-]+) -->$/;
const END = '<!-- end -->';

/**
 * Puts the text of each generated section between its markers, `<!-- generated: name -->` and
 * `<!-- end -->`, each on a line of its own; everything else stays as it is.
 *
 * @throws Error for a name that `sections` does not have, and for a marker without its other half
 */
export function fillSections(text: string, sections: ReadonlyMap<string, string>): string {
  const filled: string[] = [];
  let open: string | undefined;
  for (const line of text.split('\n')) {
    const name = BEGIN.exec(line)?.[1];
    if (name !== undefined) {
      if (open !== undefined) throw new Error(`the generated section ${open} has no end`);
      const section = sections.get(name);
      if (section === undefined) throw new Error(`there is no generated section ${name}`);
      open = name;
      filled.push(line, '', section.trim(), '');
    } else if (line === END) {
      if (open === undefined) throw new Error('a generated section ends that has not begun');
      open = undefined;
      filled.push(line);
    } else if (open === undefined) {
      filled.push(line);
    }
  }
  if (open !== undefined) throw new Error(`the generated section ${open} has no end`);
  return filled.join('\n');
}
