import { createInterface } from 'node:readline';
import { runDatabaseCommand } from './database-commands.ts';
import { parseEngineArguments } from './engine-arguments.ts';
import type { DatabaseCommand } from './engine-arguments.ts';
import { codeOf, messageOf } from './errors.ts';
import { failureLine, parseRequest, printLine, successLine } from './json-rpc.ts';
import type { RpcRequest } from './json-rpc.ts';
import { logLine } from './log.ts';
import { callMethod } from './methods.ts';
import { listenToProcess, reportCrash } from './process-events.ts';
import type { ProcessEvents } from './process-events.ts';
import { EngineSession } from './session.ts';
import { isPanic, loadEngineModule } from './wasm.ts';

/**
 * A Schema Engine process as the Prisma CLI knows it: the WebAssembly engine behind the command line, JSON-RPC and
 * exit codes of Prisma's native one. Faults go to stderr as JSON lines.
 */
export async function main(): Promise<void> {
  // The CLI reads from the second line on.
  logLine('INFO', { message: 'Starting schema-engine-wasm' });
  const events = listenToProcess();
  try {
    const args = parseEngineArguments(process.argv.slice(2));
    if (args.command === 'version') await printVersion();
    else await runSession(args.command, new EngineSession(args), events);
  } catch (error) {
    logLine('ERROR', { message: messageOf(error), error_code: codeOf(error) ?? '' });
    process.exitCode = 1;
  }
  // The engine's timers (ten seconds for a lock that it got at once) would keep the process, and the CLI with it.
  process.stdout.write('', () => process.exit());
}

async function printVersion(): Promise<void> {
  const { version } = await loadEngineModule();
  process.stdout.write(`schema-engine-wasm ${version()}\n`);
}

async function runSession(
  command: 'rpc' | DatabaseCommand,
  session: EngineSession,
  events: ProcessEvents,
): Promise<void> {
  try {
    if (command === 'rpc') return await serve(session, events);
    const work = runDatabaseCommand(command, session);
    logLine('INFO', { message: await Promise.race([events.interruption, work]) });
  } finally {
    await session.dispose();
  }
}

/** Answers requests one after the other, which is how the engine wants them, until stdin ends. */
async function serve(session: EngineSession, events: ProcessEvents): Promise<void> {
  for await (const line of createInterface({ input: process.stdin, signal: events.stop })) {
    const request = parseRequest(line);
    if (request !== undefined) process.stdout.write(await answer(session, request, events));
  }
}

/** Also when the engine has crashed there is an answer: without one, the CLI ends with exit code 0 and no word. */
async function answer(
  session: EngineSession,
  request: RpcRequest,
  { interruption }: ProcessEvents,
): Promise<string> {
  try {
    const work = callMethod(session, request.method, request.params);
    const { print, result } = await Promise.race([interruption, work]);
    return (print === undefined ? '' : printLine(print)) + successLine(request, result);
  } catch (error) {
    if (isPanic(error)) reportCrash(error);
    return failureLine(request, error);
  }
}
