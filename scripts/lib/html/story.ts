import { formatBytes, formatDuration, formatPlural, formatTime } from '../cli/format.ts';
import {
  describeEventPlace,
  describeEventSize,
  describeEventVerdict,
} from '../cli/verify-summary.ts';
import type { ArtifactStory, MeasuredStage, StoryEvent } from '../model/artifact-story.ts';
import { html, nothing, type Html } from './html.ts';
import type { Envelope, Section } from './page.ts';
import { bytesCell, durationCell, largestOf, renderTable, withBar } from './table.ts';
import { clip, name } from './text.ts';

const MAX_PLACE = 300;

/**
 * What became of the artifact, in time.
 *
 * @param now the report that the page is about, which is not kept yet
 */
export function storySection({ taken, events }: ArtifactStory, now?: Envelope): Section {
  return {
    id: 'story',
    title: 'The story of the artifact',
    isLong: events.length > 50,
    body: html`<ol class="story">
        <li>
          <time datetime="${taken.at}">${formatTime(taken.at)}</time> <strong>taken</strong> from
          ${name(taken.fileName)} (${formatBytes(taken.sourceBytes)}):
          ${formatPlural(taken.tables, 'table')}, ${formatPlural(taken.totalRows, 'row')},
          ${formatBytes(taken.totalBytes)}
        </li>
        ${events.map(renderEvent)}${now === undefined ? nothing : renderNow(now)}
      </ol>
      <p class="note">
        ${
          events.length === 0
            ? 'No report is kept with the artifact.'
            : 'As the reports say that are kept with the artifact.'
        }
      </p> `,
  };
}

function renderNow({ startedAt, exitCode, elapsedMs }: Envelope): Html {
  return html`<li${exitCode === 0 ? nothing : html` class="failed"`}><time datetime="${startedAt}">${formatTime(startedAt)}</time> <strong>this report</strong><br>exit ${exitCode}, ${formatDuration(elapsedMs)}</li>
`;
}

function renderEvent(event: StoryEvent): Html {
  const details = [
    ...describeEventSize(event),
    formatDuration(event.elapsedMs),
    describeEventPlace(event),
  ].filter((text) => text !== '');
  return html`<li${event.exitCode === 0 ? nothing : html` class="failed"`}><time datetime="${event.startedAt}">${formatTime(event.startedAt)}</time> ${event.stage}: <strong>${describeEventVerdict(event)}</strong><br>${clip(details.join(', '), MAX_PLACE)}</li>
`;
}

/** How long the next run takes. */
export function estimateSection({ estimate, taken }: ArtifactStory): Section {
  const { stages, missing, expectedMs } = estimate;
  const longest = largestOf(stages.map((stage) => stage.expectedMs));
  const ordered = stages.toSorted((a, b) => Number(b.isInWindow) - Number(a.isInWindow));
  return {
    id: 'estimate',
    title: 'The next window',
    body: html`${
      expectedMs === null
        ? html`<p>No stage has ended well yet: the window cannot be estimated.</p> `
        : html`<p>
            <strong>${formatDuration(expectedMs)}</strong> for
            ${formatPlural(taken.totalRows, 'row')} and ${formatBytes(taken.totalBytes)}, by the
            latest of each stage. Add the time to stop, copy, make your own checks and start; it
            grows about as the bytes do.
          </p> `
    }${
      missing.length === 0
        ? nothing
        : html`<p>Not measured, and not in it: ${missing.join(', ')}.</p> `
    }${
      stages.length === 0
        ? nothing
        : renderTable({
            caption: 'What was measured, and what it says of the next run',
            columns: [
              { title: 'Stage' },
              { title: 'In the window' },
              { title: 'Took', isNumber: true },
              { title: 'Bytes', isNumber: true },
              { title: 'Bytes a second', isNumber: true },
              { title: 'Expected', isNumber: true },
              { title: 'Measured' },
            ],
            rows: ordered.map((stage) => estimateRow(stage, longest)),
          })
    }`,
  };
}

function estimateRow(
  stage: MeasuredStage,
  longest: number,
): Parameters<typeof renderTable>[0]['rows'][number] {
  return [
    stage.stage,
    stage.isInWindow ? 'yes' : 'no',
    durationCell(stage.elapsedMs),
    bytesCell(stage.totalBytes),
    stage.bytesPerSecond === null ? '–' : bytesCell(stage.bytesPerSecond),
    withBar(durationCell(stage.expectedMs), longest),
    `${formatTime(stage.measuredAt)}${stage.target === null ? '' : `, ${clip(stage.target, MAX_PLACE)}`}`,
  ];
}
