import type { Artifact } from '../artifact/reader.ts';
import { dependenciesOf } from '../mapping/describe-dependencies.ts';
import type { ArtifactStory, StoryEvent, StoryLoad } from '../model/artifact-story.ts';
import type { KeptReport } from '../model/kept-report.ts';
import type { Proof } from '../model/proof.ts';
import { proofOfArchive, withLaterProof } from './artifact-proof.ts';

/** The tables of an artifact as its manifest has them. */
export function describeStored({
  manifest,
}: Artifact): Pick<ArtifactStory, 'tables' | 'dependencies'> {
  return {
    tables: manifest.tables.map(({ name, rowCount, sizeBytes, sha256 }) => ({
      name,
      rowCount,
      sizeBytes,
      sha256,
    })),
    dependencies: dependenciesOf(manifest.tables),
  };
}

/** Gathers from kept reports, in the order of their beginning, what the latest of them say. */
export class StoryParts {
  #proof: Proof;
  #loads: StoryLoad[] = [];

  constructor(artifact: Artifact) {
    this.#proof = proofOfArchive(artifact);
  }

  add(event: StoryEvent, { tables, proof }: KeptReport): void {
    if (proof !== undefined) this.#proof = withLaterProof(this.#proof, proof);
    const { file, startedAt, elapsedMs, exitCode, target, run } = event;
    if (event.stage !== 'import' || run === null || tables === undefined) return;
    const load = { file, startedAt, elapsedMs, exitCode, target, run: run.id, tables };
    this.#loads = [...this.#loads.filter((earlier) => earlier.run === run.id), load];
  }

  list(): Pick<ArtifactStory, 'loads' | 'proof'> {
    return { loads: [...this.#loads], proof: this.#proof };
  }
}
